using System.Text;
using AkkaSocks.Proxy.Files;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Files;

public sealed class RotatingFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-rotation-");
    private readonly ManualClock _clock = new();

    private string Path => System.IO.Path.Combine(_folder.FullName, "log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_that_is_full_makes_room_and_the_oldest_goes()
    {
        using (var file = new RotatingFile(Path, maxBytes: 10, TimeSpan.Zero, keep: 2, _clock))
        {
            foreach (var line in new[] { "one\n", "two\n", "three\n", "four\n", "five\n", "six\n", "seven\n" })
                Write(file, line);
        }

        Assert.Equal(["six\nseven\n", "four\nfive\n", "three\n"],
            [Text(""), Text(".1"), Text(".2")]);
        Assert.Equal(3, _folder.GetFiles().Length);
    }

    [Fact]
    public void What_is_written_at_once_stays_together_however_large()
    {
        using var file = new RotatingFile(Path, maxBytes: 10, TimeSpan.Zero, keep: 5, _clock);
        Write(file, "a\n");
        Write(file, "much longer than the limit\n");
        Write(file, "b\n");

        Assert.Equal(["b\n", "much longer than the limit\n", "a\n"], [Text(""), Text(".1"), Text(".2")]);
    }

    [Fact]
    public void A_file_that_is_old_makes_room_at_the_next_line()
    {
        using var file = new RotatingFile(Path, maxBytes: null, TimeSpan.FromHours(1), keep: 5, _clock);
        Write(file, "a\n");
        _clock.Advance(TimeSpan.FromMinutes(59));
        Write(file, "b\n");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Write(file, "c\n");

        Assert.Equal(["c\n", "a\nb\n"], [Text(""), Text(".1")]);
    }

    [Fact]
    public void It_goes_on_where_it_ended()
    {
        using (var file = new RotatingFile(Path, maxBytes: 10, TimeSpan.Zero, keep: 1, _clock))
            Write(file, "1234567\n");
        using (var file = new RotatingFile(Path, maxBytes: 10, TimeSpan.Zero, keep: 1, _clock))
        {
            Write(file, "8\n");
            Write(file, "9\n");
        }

        Assert.Equal(["9\n", "1234567\n8\n"], [Text(""), Text(".1")]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_another_has_moved_away_or_cut_is_opened_anew(bool isMoved)
    {
        using var file = new RotatingFile(Path, maxBytes: null, TimeSpan.Zero, keep: 1, _clock);
        Write(file, "before\n");
        if (isMoved)
            File.Move(Path, Path + ".moved");
        else
            File.WriteAllText(Path, "");
        _clock.Advance(TimeSpan.FromSeconds(2));

        Write(file, "after\n");

        Assert.Equal("after\n", Text(""));
    }

    [Fact]
    public void One_that_cannot_be_moved_goes_on_growing_and_is_tried_again()
    {
        using var file = new RotatingFile(Path, maxBytes: 4, TimeSpan.Zero, keep: 1, _clock);
        Write(file, "one\n");
        Directory.CreateDirectory(Path + ".1");
        Write(file, "two\n");
        Assert.Equal("one\ntwo\n", Text(""));

        Directory.Delete(Path + ".1");
        Write(file, "three\n");
        _clock.Advance(TimeSpan.FromMinutes(2));
        Write(file, "four\n");

        Assert.Equal(["four\n", "one\ntwo\nthree\n"], [Text(""), Text(".1")]);
    }

    private static void Write(RotatingFile file, string line) => file.Write(Encoding.ASCII.GetBytes(line));

    private string Text(string suffix) => File.ReadAllText(Path + suffix);
}
