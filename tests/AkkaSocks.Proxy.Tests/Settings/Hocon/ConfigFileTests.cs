using System.Text;
using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings.Hocon;

public sealed class ConfigFileTests : IDisposable
{
    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_is_told()
    {
        Assert.Equal(["none.conf: there is no such file"], _folder.Problems("none.conf"));
    }

    [Fact]
    public void A_missing_folder_is_told()
    {
        Assert.Equal(["none/none.conf: there is no such file"], _folder.Problems("none/none.conf"));
    }

    [Fact]
    public void A_directory_is_told()
    {
        Directory.CreateDirectory(_folder.Path("conf.d"));

        Assert.Equal(["conf.d: is a directory; a file is needed"], _folder.Problems("conf.d"));
    }

    [Fact]
    public void A_file_with_an_impossible_name_is_told()
    {
        Assert.Contains("a\0b: ", Assert.Single(_folder.Problems("a\0b")));
    }

    [Fact]
    public void A_device_without_end_is_told()
    {
        Assert.Equal(["/dev/zero: is larger than 4 MiB, which no configuration is"], _folder.Problems("/dev/zero"));
    }

    [Fact]
    public void Another_encoding_is_told_with_the_line_where_it_shows()
    {
        File.WriteAllBytes(_folder.Path("latin1.conf"), Encoding.Latin1.GetBytes("# plain\n# caf\u00e9\n"));
        File.WriteAllText(_folder.Path("utf16.conf"), "a = 1", Encoding.Unicode);

        Assert.Equal(["latin1.conf:2: is not UTF-8 text", "utf16.conf:1: is not UTF-8 text"], _folder.Problems("latin1.conf", "utf16.conf"));
    }

    [Fact]
    public void A_byte_order_mark_and_crlf_do_not_matter()
    {
        File.WriteAllText(_folder.Path("bom.conf"), (ConfigFolder.Loopback + "akkasocks.log.level = error\n").ReplaceLineEndings("\r\n"),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal(LogLevelSetting.Error, _folder.Load("bom.conf").Proxy.Log.Level);
    }

    [Fact]
    public void An_included_file_is_merged_where_it_stands()
    {
        Directory.CreateDirectory(_folder.Path("d"));
        _folder.With("a.conf", "akkasocks.log.level = error\ninclude \"d/b.conf\"\nakkasocks.relay { include \"relay.conf\" }")
            .With("d/b.conf", "include \"c.conf\"")
            .With("d/c.conf", ConfigFolder.Loopback + "akkasocks.log.level = debug")
            .With("relay.conf", "idle-timeout = 7s");

        var proxy = _folder.Load("a.conf").Proxy;

        Assert.Equal((LogLevelSetting.Debug, TimeSpan.FromSeconds(7)), (proxy.Log.Level, proxy.Relay.IdleTimeout));
    }

    [Fact]
    public void A_mistake_in_an_included_file_is_told_with_its_own_place()
    {
        _folder.With("a.conf", ConfigFolder.Loopback + "include \"b.conf\"").With("b.conf", "\nakkasocks.log.level = loud");

        Assert.Equal(["b.conf:2: akkasocks.log.level = \"loud\": expected debug, info, warning or error"], _folder.Problems("a.conf"));
    }

    [Theory]
    [InlineData("include \"none.conf\"", "a.conf:2: include \"none.conf\": there is no such file")]
    [InlineData("include \"a.conf\"", "a.conf:2: include \"a.conf\": the file includes itself")]
    [InlineData("include \"\"", "a.conf:2: include \"\": names no file")]
    public void An_include_that_cannot_be_is_told(string line, string problem)
    {
        _folder.With("a.conf", ConfigFolder.Loopback + line);

        Assert.Equal([problem], _folder.Problems("a.conf"));
    }
}
