namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>armon's go-socks5, a library: found when somebody built a server of it that takes ADDRESS:PORT [USER PASSWORD] and
/// logs nothing.</summary>
internal sealed class GoSocks5 : Subject
{
    public override string Name => "go-socks5";

    public override string? Find() => Executables.Find("go-socks5-server");

    public override Launch Prepare(Site site, string executable)
    {
        string[] credentials = site.Credentials is { } c ? [c.User, c.Password] : [];
        return new Launch(executable, [$"127.0.0.1:{site.Port}", .. credentials]);
    }
}
