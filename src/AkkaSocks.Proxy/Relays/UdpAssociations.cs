using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>UDP ASSOCIATE of this node: opens associations, and has what they all need. Any thread may call it.</summary>
internal sealed class UdpAssociations(
    UdpSettings settings, DestinationPolicy policy, NameResolver resolver, UdpMetrics metrics, AssociationGate gate)
{
    // A range of which nearly all is taken is not searched to its end: that would hold up an event loop.
    private const int PortsTried = 256;

    /// <summary>The settings.</summary>
    public UdpSettings Settings => settings;

    /// <summary>What is done to datagrams; null where nothing is.</summary>
    public IDistortion? Distortion { get; init; }

    /// <summary>Looks names up.</summary>
    public NameResolver Resolver => resolver;

    /// <summary>Where it is counted.</summary>
    public UdpMetrics Metrics => metrics;

    /// <summary>Why an association would not be opened for this user now.</summary>
    public Refusal Objection(UserName? user) => gate.Objection(user);

    /// <summary>Opens an association, on the address that its control connection came in at.</summary>
    /// <param name="lane">Where the session lives.</param>
    /// <param name="control">The session's connection.</param>
    /// <param name="hint">DST of the request.</param>
    /// <param name="record">The session's; its user is known.</param>
    /// <param name="order">For the <see cref="UdpRelayActor"/>; set exactly when it was not refused.</param>
    public Refusal TryOpen(Lane lane, Connection control, Destination hint, SessionRecord record, out UdpOrder? order)
    {
        order = null;
        if (gate.TryEnter(record.User) is not Refusal.None and var full)
            return full;
        var flow = Distortion?.OfDatagrams(record.Id, record.User);
        if (Bind(lane, control.Local.Address, inRuns: flow is null) is not { } socket)
        {
            gate.Leave(record.User);
            return Refusal.NoDatagramPort;
        }

        metrics.Opened();
        var bound = settings.AdvertisedAddress is { } advertised ? new IPEndPoint(advertised, socket.Local.Port) : socket.Local;
        var association = new UdpAssociation(record.Client.Address, hint, settings, policy, Deadlines.Now);
        order = new UdpOrder(lane, socket, bound, association, record) { Flow = flow };
        return Refusal.None;
    }

    /// <summary>Closes an association that was opened. Called once for each.</summary>
    public void Close(UdpOrder order)
    {
        order.Client.Close();
        gate.Leave(order.Record.User);
        metrics.Closed();
    }

    private DatagramSocket? Bind(Lane lane, IPAddress address, bool inRuns)
    {
        // What a connection says that has just gone. Bound there, the whole network could send.
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return null;
        if (settings.Ports is not { } ports)
            return lane.OpenDatagramSocket(new IPEndPoint(address, 0), inRuns, out _);

        // From anywhere in the range on, so that a port cannot be guessed and is not used again at once.
        var first = Random.Shared.Next(ports.Count);
        for (var tried = 0; tried < Math.Min(ports.Count, PortsTried); tried++)
        {
            var port = ports.First + ((first + tried) % ports.Count);
            if (lane.OpenDatagramSocket(new IPEndPoint(address, port), inRuns, out _) is { } socket)
                return socket;
        }

        return null;
    }
}
