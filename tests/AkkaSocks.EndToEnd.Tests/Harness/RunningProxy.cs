using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>
/// The executable, running with a configuration of the test on a port of the system's choice, its session log in a file. Being
/// disposed of without <see cref="StopAsync"/> it is killed.
/// </summary>
internal sealed class RunningProxy : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly AkkaSocksProcess _process;
    private Task<AkkaSocksProcess.Outcome>? _end;

    private RunningProxy(DirectoryInfo folder, AkkaSocksProcess process)
    {
        _folder = folder;
        _process = process;
        Figures = new ProcessFigures(process.Id);
    }

    public IPEndPoint Endpoint { get; private set; } = null!;

    public ProcessFigures Figures { get; }

    /// <summary>The session log as it is now.</summary>
    public string SessionLog => Path.Combine(_folder.FullName, "sessions.log");

    /// <summary>Starts one; each piece of HOCON wins over those before it.</summary>
    public static Task<RunningProxy> StartAsync(params string[] hocon) => StartUnderAsync([], hocon);

    /// <summary>The same by a command that becomes the proxy, such as prlimit.</summary>
    public static async Task<RunningProxy> StartUnderAsync(string[] launcher, params string[] hocon)
    {
        var folder = Directory.CreateTempSubdirectory("akkasocks-e2e-");
        var file = Path.Combine(folder.FullName, "test.conf");
        await File.WriteAllTextAsync(file, string.Join('\n', [Basis(folder), .. hocon]));
        var proxy = new RunningProxy(folder, AkkaSocksProcess.StartUnder(launcher, ["run", "-c", file]));
        try
        {
            Match listens;
            do
                listens = Regex.Match(await proxy._process.NextLineAsync(), @"^akkasocks listens on (\S+) ");
            while (!listens.Success);
            proxy.Endpoint = IPEndPoint.Parse(listens.Groups[1].Value);
            // Something to try, and where the admin API is.
            await proxy._process.NextLineAsync();
            await proxy._process.NextLineAsync();
            proxy._end = proxy._process.FollowAsync();
            return proxy;
        }
        catch
        {
            proxy.Dispose();
            throw;
        }
    }

    /// <summary>The lines of the session log so far.</summary>
    public IReadOnlyList<JsonElement> Sessions()
    {
        using var log = new StreamReader(new FileStream(SessionLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = log.ReadToEnd();
        return
        [
            .. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
    }

    /// <summary>Waits until so many sessions have ended, and gives their lines.</summary>
    public async Task<IReadOnlyList<JsonElement>> SessionsAsync(int count)
    {
        await Eventually.TrueAsync(() => Sessions().Count >= count, () => $"{count} sessions to end; {Sessions().Count} have");
        return Sessions();
    }

    /// <summary>Waits for the one session that went to this port.</summary>
    public Task<JsonElement> SessionToAsync(int port) => SessionAsync(line => PortOf(line) == port, $"port {port}");

    /// <summary>Waits for the one session that went to this address: its port may have been another address's before.</summary>
    public Task<JsonElement> SessionToAsync(IPEndPoint address) =>
        SessionAsync(line => line.TryGetProperty("address", out var it) && it.GetString() == address.ToString(), $"{address}");

    private async Task<JsonElement> SessionAsync(Func<JsonElement, bool> isWanted, string where)
    {
        IReadOnlyList<JsonElement> found = [];
        await Eventually.TrueAsync(() => (found = [.. Sessions().Where(isWanted)]).Count > 0, () => $"a session to {where} to end");
        return Assert.Single(found);
    }

    /// <summary>Signals it and waits for its end.</summary>
    public async Task<AkkaSocksProcess.Outcome> StopAsync(int signal = AkkaSocksProcess.SigTerm)
    {
        _process.Signal(signal);
        return await _end!.InTime();
    }

    /// <summary>Signals it; its end is without fault when nothing was complained of all the time it ran.</summary>
    public async Task StopWithoutComplaintAsync() =>
        Assert.Equal(new AkkaSocksProcess.Outcome(0, "", ""), await StopAsync());

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int? PortOf(JsonElement line) => line.TryGetProperty("destination", out var destination)
        ? int.Parse(destination.GetString()!.Split(':')[^1])
        : null;

    private static string Basis(DirectoryInfo folder) => $$"""
        akkasocks {
          node { data-directory = "{{folder.FullName}}/data" }
          listeners { main { endpoint = "127.0.0.1:0" } }
          egress { allow = ["127.0.0.0/8", "::1/128"] }
          log { sessions { format = json, file = "{{folder.FullName}}/sessions.log" } }
        }
        """;
}
