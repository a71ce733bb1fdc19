using System.Collections.Immutable;
using Akka.Event;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Server.Hosting;

/// <summary>
/// Reads the configuration again and has the node go by it: wholly, or not at all. Whoever asks, takes turns. Every reload is a line
/// in the process log that names keys and no values.
/// </summary>
/// <param name="read">Reads the configuration as it was read at the start.</param>
/// <param name="started">What the node was started with.</param>
/// <param name="node">The node; null until it has started.</param>
/// <param name="prepare">Makes the rest of the process ready for it, or throws; what is returned has it go by it, and cannot fail.</param>
/// <param name="log">The process log.</param>
internal sealed class ConfigReload(
    Func<ConfigReading> read, LoadedSettings started, Func<ProxyNode?> node, Func<SettingsChange, Action> prepare, ILoggingAdapter log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private LoadedSettings _running = started;
    private ConfigVersion _config = FirstOf(started);

    /// <summary>The files that the configuration was read from last.</summary>
    public ImmutableArray<string> Files => Volatile.Read(ref _running).Files;

    /// <summary>Where the keys stand that the node goes by.</summary>
    public ConfigPlaces Places => Volatile.Read(ref _running).Places;

    /// <summary>What a node goes by that has just been started.</summary>
    public static ConfigVersion FirstOf(LoadedSettings settings) => new(1, settings.Picture.Hash, NeedsRestart: false);

    /// <summary>Reloads.</summary>
    /// <param name="by">Who wants it, for the log.</param>
    public async Task<ReloadOutcome> ReloadAsync(string by)
    {
        await _turn.WaitAsync();
        try
        {
            var outcome = await Task.Run(Reload);
            Tell(by, outcome);
            return outcome;
        }
        catch (Exception failure)
        {
            // A file that was there when it was checked, or a defect: a signal and a watched file have nobody who would hear of it.
            log.Error(failure, "The configuration that {0} has had read again could not be applied.", by);
            return Refused(new SettingsProblem("this node", null, "", $"could not apply it: {failure.Message}"));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private ReloadOutcome Reload()
    {
        if (node() is not { Drain.HasBegun: false } running)
            return Refused(new SettingsProblem("this node", null, "", "takes no other configuration before it has started or once it drains"));
        var reading = read();
        if (reading.Settings is not { } wanted)
            return new ReloadOutcome(_config, [], [], reading.Problems);
        var change = SettingsChange.Of(_running, wanted);
        try
        {
            var goByIt = prepare(change);
            running.Reload(change.Effective.Proxy);
            goByIt();
        }
        catch (StartFailedException failure)
        {
            return Refused(ProblemOf(wanted, failure));
        }

        Volatile.Write(ref _running, change.Effective);
        var isOther = change.Applied.Length > 0;
        _config = new ConfigVersion(_config.Epoch + (isOther ? 1 : 0), change.Effective.Picture.Hash, change.Waiting.Length > 0);
        running.Config = _config;
        return new ReloadOutcome(_config, change.Applied, change.Waiting, []);
    }

    private ReloadOutcome Refused(SettingsProblem problem) => new(_config, [], [], [problem]);

    private static SettingsProblem ProblemOf(LoadedSettings wanted, StartFailedException failure) => failure switch
    {
        BindFailedException bind => wanted.Picture.ProblemWith(
            $"akkasocks.listeners.{bind.Listener.Name}.endpoint",
            $"cannot have {bind.Listener.Endpoint}: {bind.Error.Words("another port, or restart the node if it listens there itself")}"),
        CertificateUnavailableException tls => wanted.Picture.ProblemWith($"akkasocks.listeners.{tls.Listener}.tls.certificate", tls.Message),
        ExtensionUnavailableException extension => wanted.Picture.ProblemWith(extension.Key, extension.Message),
        _ => new SettingsProblem("this node", null, "", failure.Message),
    };

    private void Tell(string by, ReloadOutcome outcome)
    {
        if (outcome.Problems.IsEmpty)
        {
            log.Info(
                "Configuration {0} ({1}) applied, by {2}; changed: {3}; needs a restart: {4}.",
                outcome.Config.Epoch,
                outcome.Config.Hash,
                by,
                Listed(outcome.Applied),
                Listed(outcome.Waiting));
            return;
        }

        log.Warning("The configuration is refused, which {0} has had read again; all stays as it is.", by);
        foreach (var problem in outcome.Problems)
            log.Warning("{0}", problem);
    }

    private static string Listed(ImmutableArray<string> keys) => keys.IsEmpty ? "nothing" : string.Join(", ", keys);
}
