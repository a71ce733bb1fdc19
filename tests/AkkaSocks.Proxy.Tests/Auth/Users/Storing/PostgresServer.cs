using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AkkaSocks.Proxy.Tests.Auth.Users.Storing;

/// <summary>A PostgreSQL server of the tests' own, with its files in a temporary directory, on a port of loopback.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string Installed = "/usr/lib/postgresql";

    private readonly TempDirectory _temp = new();
    private readonly int _port = FreePort();
    private int _databases;

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? Missing { get; } = Binaries() is null
        ? $"no PostgreSQL server in {Installed}; install Debian's postgresql"
        : null;

    public PostgresServer()
    {
        if (Missing is not null)
            return;
        if (Environment.IsPrivilegedProcess)
            Run("chown", "postgres", _temp.Path);
        RunServerTool("initdb", "-D", _temp["data"], "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C");
        Start();
    }

    public void Start() => RunServerTool(
        "pg_ctl", "-D", _temp["data"], "-w", "-l", _temp["log"], "-o",
        $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off", "start");

    /// <summary>Ends it as a crash would.</summary>
    public void Stop() => RunServerTool("pg_ctl", "-D", _temp["data"], "-w", "-m", "immediate", "stop");

    /// <summary>Makes it fall silent: its connections stay, and nothing answers.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Makes it go on.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>A new database; how to connect to it.</summary>
    public string Create()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        Execute(ConnectionTo("postgres"), $"CREATE DATABASE {name}");
        return ConnectionTo(name);
    }

    public static void Execute(string connection, string sql)
    {
        using var database = new NpgsqlConnection($"{connection};Pooling=false");
        database.Open();
        using var command = new NpgsqlCommand(sql, database);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        if (Missing is null)
            Stop();
        _temp.Dispose();
    }

    private void Signal(string signal)
    {
        var postmaster = File.ReadLines(_temp["data/postmaster.pid"]).First();
        var children = File.ReadAllText($"/proc/{postmaster}/task/{postmaster}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Run("kill", [$"-{signal}", postmaster, .. children]);
    }

    private string ConnectionTo(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    private static string? Binaries() => Directory.Exists(Installed)
        ? Directory.GetDirectories(Installed).Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    // The server refuses to run as root.
    private static void RunServerTool(string tool, params string[] arguments)
    {
        var path = Path.Combine(Binaries()!, tool);
        if (Environment.IsPrivilegedProcess)
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else
            Run(path, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // Without pipes: the server would inherit them and keep them open.
        string[] quietly = ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments];
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", quietly) { WorkingDirectory = "/" })
            ?? throw new Win32Exception();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A test that needs a <see cref="PostgresServer"/>; skipped with the reason where there can be none.</summary>
public sealed class PostgresFactAttribute : Xunit.FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
