using System.Net;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Sessions;

/// <summary>Whose word counts on who the client is, at one listener.</summary>
/// <param name="settings">Null where nobody's does.</param>
internal sealed class TrustedProxies(ProxyProtocolSettings? settings)
{
    private readonly NetworkSet? _trusted = settings is null ? null : new NetworkSet(settings.Trusted);

    /// <summary>Only trusted senders may connect, and they must begin with a header.</summary>
    public bool IsRequired => settings is { Mode: ProxyProtocolMode.Required };

    /// <summary>Whether a header from this sender is believed.</summary>
    public bool Include(IPAddress sender) => _trusted?.Contains(sender) == true;
}
