using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaSocks.Server.Hosting;

/// <summary>What signals do to the process: the first has the node leave, which may take its time while the admin API goes on answering; a
/// second one ends it at once.</summary>
internal sealed class SignalLifetime(IServiceProvider services, IHostApplicationLifetime host) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _count;

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT })
            _signals.Add(PosixSignalRegistration.Create(signal, Take));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _signals.ForEach(it => it.Dispose());

    private void Take(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1 || !services.GetRequiredService<NodeLifetime>().TryLeave())
            host.StopApplication();
    }
}
