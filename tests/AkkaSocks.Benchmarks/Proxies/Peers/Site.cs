using AkkaSocks.Benchmarks.Proxies.Load;

namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>Where a subject is to run.</summary>
/// <param name="Directory">Its own empty folder.</param>
/// <param name="Port">Where it listens on 127.0.0.1; a floor leads from there to <paramref name="OriginPort"/>.</param>
/// <param name="QuietPort">Where a floor listens too, leading to <paramref name="QuietOriginPort"/>; also free for a subject that
/// needs a second port.</param>
/// <param name="OriginPort">The origin.</param>
/// <param name="QuietOriginPort">A second origin that carries no bulk.</param>
/// <param name="Credentials">What to demand of clients; null: nothing.</param>
internal sealed record Site(
    string Directory, int Port, int QuietPort, int OriginPort, int QuietOriginPort, Credentials? Credentials)
{
    /// <summary>A PEM file with the certificate and key of the TLS to be in front; null: none.</summary>
    public string? Tls { get; init; }

    /// <summary>Descriptors a process may have: enough for 5,000 sessions of two sockets, and the same for all.</summary>
    public const int Descriptors = 20_000;

    /// <summary>Loopback addresses of the origin, over which a floor spreads its connections as SOCKS clients do.</summary>
    public static IEnumerable<string> OriginAddresses => Enumerable.Range(1, Route.Spread).Select(host => $"127.0.0.{host}");

    /// <summary>Writes a file into the folder and returns its path.</summary>
    public string Write(string name, string content)
    {
        var path = Path.Combine(Directory, name);
        File.WriteAllText(path, content);
        return path;
    }
}

/// <summary>How a subject is started.</summary>
/// <param name="Executable">An absolute path.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Launch(string Executable, params string[] Arguments)
{
    /// <summary>It writes a line per connection and can't be told not to: its output goes to /dev/null instead of a
    /// file.</summary>
    public bool Chatty { get; init; }

    /// <summary>Started first and waited for at its port, measured together with it.</summary>
    public (Launch Launch, int Port)? Companion { get; init; }
}
