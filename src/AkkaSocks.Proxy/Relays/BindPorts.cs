using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>BIND of this node: opens ports. Any thread may call it.</summary>
internal sealed class BindPorts(BindSettings settings, DestinationPolicy policy)
{
    // A range of which nearly all is taken is not searched to its end: that would hold up an event loop.
    private const int PortsTried = 256;

    /// <summary>Opens a port for those whom a request has named.</summary>
    /// <param name="lane">Where the session lives.</param>
    /// <param name="control">Where the client's connection came in.</param>
    /// <param name="named">Who is to call; 0.0.0.0 or :: for anybody.</param>
    /// <param name="port">Set exactly when it was not refused.</param>
    public Refusal TryOpen(Lane lane, IPEndPoint control, ImmutableArray<IPAddress> named, out BindPort? port)
    {
        port = null;
        if (Vet(named, out var callers) is not Refusal.None and var refusal)
            return refusal;

        // On one address and not on all: on the one that the caller will see, which is not always the one that the client sees.
        if ((callers.IsEmpty ? control.Address : HostRoute.LocalAddressTowards(callers[0])) is not { } local)
            return Refusal.NetworkUnreachable;
        if (Listen(lane, local) is not { } socket)
            return Refusal.NoBindPort;
        var bound = settings.AdvertisedAddress is { } advertised ? new IPEndPoint(advertised, socket.Local.Port) : socket.Local;
        port = new BindPort(socket, bound, new ExpectedCallers(policy, callers));
        return Refusal.None;
    }

    /// <summary>Judges those whom a request has named.</summary>
    /// <param name="named">Who is to call; 0.0.0.0 or :: for anybody.</param>
    /// <param name="callers">Who may; empty for anybody, and when it is refused.</param>
    public Refusal Vet(ImmutableArray<IPAddress> named, out ImmutableArray<IPAddress> callers)
    {
        callers = [];
        if (named is [var only] && (only.Equals(IPAddress.Any) || only.Equals(IPAddress.IPv6Any)))
            return settings.AllowAnyPeer ? Refusal.None : Refusal.CallerNotNamed;
        return policy.Sift(named, port: 0, out callers);
    }

    private AnsweringSocket? Listen(Lane lane, IPAddress address)
    {
        // What a connection says that has just gone.
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return null;
        if (settings.Ports is not { } ports)
            return lane.OpenAnsweringSocket(new IPEndPoint(address, 0), out _);

        // From anywhere in the range on, so that a port cannot be guessed and is not used again at once.
        var first = Random.Shared.Next(ports.Count);
        for (var tried = 0; tried < Math.Min(ports.Count, PortsTried); tried++)
        {
            var port = ports.First + ((first + tried) % ports.Count);
            if (lane.OpenAnsweringSocket(new IPEndPoint(address, port), out var error) is { } socket)
                return socket;
            if (error != SocketError.AddressAlreadyInUse)
                return null;
        }

        return null;
    }
}
