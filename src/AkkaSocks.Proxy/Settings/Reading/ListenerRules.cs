using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>What must hold between listeners, and between listeners and authentication.</summary>
internal sealed class ListenerRules
{
    private readonly List<(ListenerSettings Listener, ConfigSection Section)> _listeners = [];

    /// <summary>Notes a listener; refuses it when another has its address and port.</summary>
    public ListenerSettings Admit(ListenerSettings listener, ConfigSection section)
    {
        // No endpoint: it could not be read, which has been said.
        if (listener.Endpoint is null)
            return listener;
        RefuseTaken(listener.Endpoint, section);
        _listeners.Add((listener, section));
        return listener;
    }

    /// <summary>Refuses the <c>endpoint</c> of a section when a listener has its address and port.</summary>
    public void RefuseTaken(IPEndPoint endpoint, ConfigSection section)
    {
        if (_listeners.Find(other => Collide(other.Listener.Endpoint, endpoint)).Listener is { } taken)
            section.Refuse("endpoint", $"the listener {taken.Name} has {taken.Endpoint} already");
    }

    /// <summary>Refuses every listener that strangers may reach: nobody is asked who they are, unless for a certificate.</summary>
    public void RefuseOpenProxies()
    {
        foreach (var (listener, section) in _listeners.Where(entry =>
            !IPAddress.IsLoopback(entry.Listener.Endpoint.Address)
            && entry.Listener.Tls is not { Mode: TlsMode.Required, ClientAuth: ClientAuth.Require }))
        {
            section.Refuse("endpoint", "an open proxy: this is beyond loopback and auth.methods contains none; "
                + "set auth.methods = [password] and auth.users, or auth.allow-open-proxy = on if everybody may use it");
        }
    }

    // Port 0 is a different port each time. A wildcard takes its port from every address of its family, and the IPv6 one, which
    // is dual-stack, from every address.
    private static bool Collide(IPEndPoint a, IPEndPoint b) =>
        a.Port != 0 && a.Port == b.Port && (Covers(a.Address, b.Address) || Covers(b.Address, a.Address));

    private static bool Covers(IPAddress a, IPAddress b) =>
        a.Equals(b) || a.Equals(IPAddress.IPv6Any) || (a.Equals(IPAddress.Any) && b.AddressFamily == AddressFamily.InterNetwork);
}
