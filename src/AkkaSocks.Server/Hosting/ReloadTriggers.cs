using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AkkaSocks.Proxy.Files;
using Microsoft.Extensions.Hosting;

namespace AkkaSocks.Server.Hosting;

/// <summary>What reloads the configuration besides the admin API: SIGHUP, and a change of its files where that is asked for.</summary>
internal sealed class ReloadTriggers(ConfigReload reload, bool watch) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    // As the configuration was read before the host was built.
    private ImmutableArray<(string File, FileStamp Stamp)> _used = Look(reload);
    private PosixSignalRegistration? _hangup;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Without it the signal ends the process.
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = reload.ReloadAsync("SIGHUP");
        });
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _hangup?.Dispose();
        base.Dispose();
    }

    /// <summary>A change counts when the next look sees the same: a file that is being written may be half a file.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!watch)
            return;
        var seen = _used;
        using var look = new PeriodicTimer(LookEvery);
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            var now = Look(reload);
            if (now.SequenceEqual(seen) && !now.SequenceEqual(_used))
            {
                // What changes while it is read is seen at the next look.
                _used = now;
                await reload.ReloadAsync("a change of its files");
            }

            seen = now;
        }
    }

    private static ImmutableArray<(string File, FileStamp Stamp)> Look(ConfigReload reload) =>
        [.. reload.Files.Select(file => (file, StampOf(file)))];

    // What cannot be looked at is told by the reload.
    private static FileStamp StampOf(string file)
    {
        try
        {
            return FileStamp.Of(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
