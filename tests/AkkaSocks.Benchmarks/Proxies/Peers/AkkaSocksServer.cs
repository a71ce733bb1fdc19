using System.Diagnostics;

namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>AkkaSocks, from a published folder, with its defaults except for what the measurement needs: destinations on loopback,
/// no line per session, and places for 6,000 associations, which take two each. A variant adds HOCON that wins over all of these.</summary>
/// <param name="name">How the tables call it.</param>
/// <param name="executable">The published <c>akkasocks</c>.</param>
/// <param name="variant">A HOCON file, or null.</param>
internal sealed class AkkaSocksServer(string name, string executable, string? variant) : Subject
{
    public override string Name => name;

    public override Standing Standing => Standing.AkkaSocks;

    public override bool TakesTls => true;

    public override string? Find() => executable;

    public override bool TakesUdp => true;

    public override Launch Prepare(Site site, string executable)
    {
        var auth = site.Credentials is { } c
            ? $"auth {{ methods = [password], users {{ {c.User} {{ password = \"{Hash(executable, c.Password)}\" }} }} }}"
            : "auth { methods = [none] }";
        var conf = site.Write("akkasocks.conf", $$"""
            akkasocks {
              listeners { main { endpoint = "127.0.0.1:{{site.Port}}", protocols = [socks5]{{Tls(site)}} } }
              {{auth}}
              egress { special-purpose = allow }
              log { sessions { format = off } }
              limits { max-sessions = 12500 }
            }

            """);
        string[] extra = variant is null ? [] : ["-c", Path.GetFullPath(variant)];
        return new Launch(executable, ["run", "-c", conf, .. extra]);
    }

    private static string Tls(Site site) => site.Tls is { } file ? $", tls {{ mode = required, certificate = \"{file}\" }}" : "";

    private static string Hash(string executable, string password)
    {
        var start = new ProcessStartInfo(executable, ["hash-password"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.WriteLine(password);
        process.StandardInput.Close();
        var hash = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0
            ? hash
            : throw new InvalidOperationException($"akkasocks hash-password ended with {process.ExitCode}");
    }
}
