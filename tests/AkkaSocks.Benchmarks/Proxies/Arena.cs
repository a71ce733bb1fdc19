using System.Diagnostics;
using AkkaSocks.Benchmarks.Proxies.Load;
using AkkaSocks.Benchmarks.Proxies.Peers;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>What all bouts share: two origins, ports, a folder, the pace. Disposing it ends everything that was
/// started.</summary>
internal sealed class Arena : IDisposable
{
    private readonly Ports _ports = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("akkasocks-bench-").FullName;
    private readonly (int Port, Process Process) _origin;
    private readonly (int Port, Process Process) _quietOrigin;
    private readonly string _tls = TlsIdentity.NewPem();
    private int _folders;

    public Arena(Pace pace, IReadOnlyList<Measure> measures)
    {
        Pace = pace;
        Measures = measures;
        // Dante's workers give up root and must still reach its files.
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        _origin = StartOrigin();
        _quietOrigin = StartOrigin();
    }

    public Pace Pace { get; }

    public IReadOnlyList<Measure> Measures { get; }

    /// <summary>The subject that runs now, to be ended with the arena.</summary>
    public RunningSubject? Running { get; set; }

    /// <summary>A folder and ports for one process of a subject.</summary>
    public Site NewSite(string subject, Credentials? credentials)
        => new(NewFolder(subject), _ports.Next(), _ports.Next(), _origin.Port, _quietOrigin.Port, credentials);

    /// <summary>The same with TLS in front.</summary>
    public Site NewTlsSite(string subject)
    {
        var site = NewSite(subject, null);
        return site with { Tls = site.Write("tls.pem", _tls) };
    }

    /// <summary>An empty folder, deleted with the arena.</summary>
    public string NewFolder(string name)
        => Directory.CreateDirectory(Path.Combine(_folder, $"{_folders++}-{name}")).FullName;

    public void Dispose()
    {
        Running?.Dispose();
        ChildProcess.Stop(_origin.Process);
        ChildProcess.Stop(_quietOrigin.Process);
        Directory.Delete(_folder, recursive: true);
    }

    private (int, Process) StartOrigin()
    {
        var port = _ports.Next();
        return (port, ChildProcess.StartOrigin(port));
    }
}
