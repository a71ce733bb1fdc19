namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>3proxy: a thread per session; its default limit of 100 connections raised.</summary>
internal sealed class ThreeProxy : Subject
{
    public override string Name => "3proxy";

    public override Launch Prepare(Site site, string executable)
    {
        var auth = site.Credentials is { } c ? $"users {c.User}:CL:{c.Password}\nauth strong\nallow {c.User}" : "auth none";
        return new Launch(executable, site.Write("3proxy.cfg", $"""
            log /dev/null
            maxconn 9000
            {auth}
            socks -i127.0.0.1 -p{site.Port}

            """));
    }
}
