using System.IO.Compression;
using System.Text;
using AkkaSocks.Mitm.Bodies;
using AkkaSocks.Mitm.Tests.Harness;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Bodies;

public sealed class DecodedBodyTests
{
    private const int MaxRatio = 200;

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("gzip, br")]
    [InlineData("X-GZIP")]
    public async Task Codings_are_undone(string coding)
    {
        var text = string.Concat(Enumerable.Range(0, 50_000));
        await using var body = DecodedBody.TryOpen(new MemoryStream(Coded(Encoding.ASCII.GetBytes(text), coding)), coding, MaxRatio);
        var decoded = new MemoryStream();
        await body!.CopyToAsync(decoded).InTime();
        Assert.Equal(text, Encoding.ASCII.GetString(decoded.ToArray()));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip, gzip")]
    [InlineData("gzip, compress")]
    public void Codings_that_are_not_known_are_left_alone(string coding) =>
        Assert.Null(DecodedBody.TryOpen(Stream.Null, coding, MaxRatio));

    [Fact]
    public void A_body_without_coding_is_itself() => Assert.Same(Stream.Null, DecodedBody.TryOpen(Stream.Null, "identity", MaxRatio));

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task A_bomb_ends_before_it_has_gone_off(string coding)
    {
        await using var body = DecodedBody.TryOpen(new MemoryStream(Coded(new byte[64 * 1024 * 1024], coding)), coding, MaxRatio)!;
        var passed = 0L;
        var buffer = new byte[64 * 1024];
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            while (await body.ReadAsync(buffer) is var read and > 0)
                passed += read;
        });
        Assert.InRange(passed, 0, 20 * 1024 * 1024);
    }

    [Fact]
    public async Task A_page_of_blanks_is_no_bomb()
    {
        await using var body = DecodedBody.TryOpen(new MemoryStream(Coded(new byte[1024 * 1024], "gzip")), "gzip", MaxRatio)!;
        var decoded = new MemoryStream();
        await body.CopyToAsync(decoded);
        Assert.Equal(1024 * 1024, decoded.Length);
    }

    /// <summary>Codes a body, in the order of the field.</summary>
    internal static byte[] Coded(byte[] bytes, string codings)
    {
        foreach (var coding in codings.Split(", "))
        {
            var coded = new MemoryStream();
            using (Stream coder = coding.ToUpperInvariant() switch
            {
                "BR" => new BrotliStream(coded, CompressionLevel.Optimal),
                "DEFLATE" => new ZLibStream(coded, CompressionLevel.Optimal),
                _ => new GZipStream(coded, CompressionLevel.Optimal),
            })
                coder.Write(bytes);
            bytes = coded.ToArray();
        }

        return bytes;
    }
}
