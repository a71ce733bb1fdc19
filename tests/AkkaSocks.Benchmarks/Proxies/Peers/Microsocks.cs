namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>microsocks: a thread per session. It has no settings.</summary>
internal sealed class Microsocks : Subject
{
    public override string Name => "microsocks";

    public override Launch Prepare(Site site, string executable)
    {
        string[] credentials = site.Credentials is { } c ? ["-u", c.User, "-P", c.Password] : [];
        return new Launch(executable, ["-i", "127.0.0.1", "-p", $"{site.Port}", .. credentials]) { Chatty = true };
    }
}
