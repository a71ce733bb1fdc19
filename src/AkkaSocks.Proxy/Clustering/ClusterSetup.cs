using Akka.Actor.Setup;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>Carries the settings to what Akka makes by itself, so that there is no static and several systems can live in one
/// process.</summary>
/// <param name="settings">The settings.</param>
/// <param name="tls">Made of <see cref="ClusterSettings.Tls"/>; null without.</param>
internal sealed class ClusterSetup(ClusterSettings settings, ClusterTls? tls) : Setup
{
    /// <summary>The settings.</summary>
    public ClusterSettings Settings => settings;

    /// <summary>How nodes know each other; null where they do not ask.</summary>
    public ClusterTls? Tls => tls;

    /// <summary>All setups that the settings ask for.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The files of <c>cluster.tls</c> do not hold what
    /// they should.</exception>
    public static IEnumerable<Setup> Of(ClusterSettings settings)
    {
        var tls = settings.Tls is { } files ? new ClusterTls(files) : null;
        return tls is null ? [new ClusterSetup(settings, null)] : [new ClusterSetup(settings, tls), tls.Setup()];
    }
}
