using System.Buffers;
using System.Text;
using AkkaSocks.Mitm.Bodies;
using CsCheck;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Bodies;

public sealed class ByteReplacerTests
{
    // Few letters, so that matches, near matches and overlapping ones are frequent.
    private static readonly Gen<string> Letters = Gen.Char["ab"].Array[0, 40].Select(letters => new string(letters));

    [Fact]
    public void What_comes_out_does_not_depend_on_where_pieces_end() =>
        Gen.Select(Letters, Gen.Char["ab"].Array[1, 5].Select(letters => new string(letters)), Letters, Gen.Int[1, 7].Array[1, 40])
            .Sample((text, from, with, sizes) =>
            {
                var replacer = new ByteReplacer(Encoding.ASCII.GetBytes(from), Encoding.ASCII.GetBytes(with));
                var output = new ArrayBufferWriter<byte>();
                var rest = Encoding.ASCII.GetBytes(text).AsSpan();
                for (var i = 0; !rest.IsEmpty; i++)
                {
                    var size = Math.Min(sizes[i % sizes.Length], rest.Length);
                    replacer.Write(rest[..size], output);
                    rest = rest[size..];
                }

                replacer.Finish(output);
                Assert.Equal(text.Replace(from, with, StringComparison.Ordinal), Encoding.ASCII.GetString(output.WrittenSpan));
            });

    [Theory]
    [InlineData("secret", "a sec", "a ")]
    [InlineData("secret", "a sex", "a sex")]
    [InlineData("\n\n", "data: x\n", "data: x")]
    public void Only_what_may_begin_a_match_is_kept_back(string from, string piece, string passes)
    {
        var output = new ArrayBufferWriter<byte>();
        new ByteReplacer(Encoding.ASCII.GetBytes(from), "-"u8).Write(Encoding.ASCII.GetBytes(piece), output);
        Assert.Equal(passes, Encoding.ASCII.GetString(output.WrittenSpan));
    }
}
