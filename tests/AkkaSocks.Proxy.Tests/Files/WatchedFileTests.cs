using AkkaSocks.Proxy.Files;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Files;

public sealed class WatchedFileTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();
    private readonly ManualClock _clock = new();
    private int _parsedOne;

    private string Path => System.IO.Path.Combine(_directory.FullName, "watched");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_changed_file_is_read_again_once_the_last_look_is_old()
    {
        File.WriteAllText(Path, "one");
        var file = Watch();
        File.WriteAllText(Path, "second");
        Assert.Equal("one", file.Current);

        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(SpinWait.SpinUntil(() => file.Current == "second", Soon));
    }

    [Fact]
    public void An_unchanged_file_is_not_parsed_again()
    {
        File.WriteAllText(Path, "one");
        var file = Watch();
        for (var i = 0; i < 5; i++)
            Assert.Equal("one", Later(file));

        File.WriteAllText(Path, "second");
        Assert.True(SpinWait.SpinUntil(() => Later(file) == "second", Soon));
        Assert.Equal(1, _parsedOne);
    }

    [Fact]
    public void A_missing_file_is_empty_until_it_comes_and_again_when_it_goes()
    {
        var file = Watch();
        Assert.Equal("", file.Current);

        File.WriteAllText(Path, "one");
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(SpinWait.SpinUntil(() => file.Current == "one", Soon));

        File.Delete(Path);
        Assert.True(SpinWait.SpinUntil(() => Later(file) == "", Soon));
    }

    [Fact]
    public void A_change_behind_a_link_is_seen()
    {
        var generated = System.IO.Path.Combine(_directory.FullName, "generated");
        File.WriteAllText(generated, "one");
        File.CreateSymbolicLink(Path, generated);
        var file = Watch();
        Assert.Equal("one", file.Current);

        File.WriteAllText(generated, "second");
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(SpinWait.SpinUntil(() => file.Current == "second", Soon));
    }

    private string Later(WatchedFile<string> file)
    {
        _clock.Advance(TimeSpan.FromSeconds(6));
        return file.Current;
    }

    private WatchedFile<string> Watch()
    {
        return new WatchedFile<string>(Path, Parse, _clock);

        string Parse(string text)
        {
            _parsedOne += text == "one" ? 1 : 0;
            return text;
        }
    }
}
