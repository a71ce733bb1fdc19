using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>Looks every few seconds whether the files of <c>cluster.tls</c> were renewed.</summary>
internal sealed class CertificateWatch : MeasuredActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ClusterTls _tls;
    private readonly TimeSpan _every;
    private string? _problem;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public CertificateWatch(ClusterTls tls, TimeSpan every) => (_tls, _every) = (tls, every);

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>For a node.</summary>
    /// <param name="tls">Whose files.</param>
    /// <param name="every">The time between two looks.</param>
    public static Props Props(ClusterTls tls, TimeSpan every) => Akka.Actor.Props.Create(() => new CertificateWatch(tls, every));

    /// <inheritdoc/>
    protected override void PreStart() => Wait();

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look:
                var (tls, self) = (_tls, Self);
                Task.Run(() => (object)tls.Renew()).PipeTo(self);
                break;
            case ClusterTls.Renewal renewal:
                Tell(renewal);
                Wait();
                break;
            case Status.Failure defect:
                _log.Error(defect.Cause, "A defect in reading the files of cluster.tls. Please report it.");
                Wait();
                break;
        }
    }

    // Once, not at every look.
    private void Tell(ClusterTls.Renewal renewal)
    {
        if (renewal.IsNew)
            _log.Info("The files of cluster.tls were renewed: {0}, valid until {1:u}.", _tls.Certificate.Subject, _tls.Certificate.NotAfter.ToUniversalTime());
        else if (renewal.Problem is { } problem && problem != _problem)
            _log.Warning("The files of cluster.tls have changed and are of no use, so those from before stay in use: {0}", problem);
        _problem = renewal.Problem;
    }

    private void Wait() => Timers.StartSingleTimer(Look.Instance, Look.Instance, _every);
}
