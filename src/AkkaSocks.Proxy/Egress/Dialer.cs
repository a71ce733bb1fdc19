using System.Net;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Egress;

/// <summary>How tunnels leave this node: looks names up, judges addresses, connects.</summary>
internal sealed class Dialer(EgressSettings settings, DestinationPolicy policy, NameResolver resolver)
{
    private readonly Introductions _introductions = new(settings.ProxyProtocol);

    /// <summary>Judges addresses.</summary>
    public DestinationPolicy Policy => policy;

    /// <summary>Looks names up.</summary>
    public NameResolver Resolver => resolver;

    /// <summary>The pause before the next address is tried beside the first.</summary>
    public TimeSpan AttemptDelay => settings.AttemptDelay;

    /// <summary>Starts a dial whose <see cref="Egress.Dial.Event"/>s are told to <paramref name="owner"/>, which advances it.</summary>
    public Dial Dial(Destination destination, Lane lane, IActorRef owner) => new(this, destination, lane, owner);

    /// <summary>Tells a destination that expects it who the client is, before anything else is sent.</summary>
    /// <returns>False when the connection has broken: a header always fits into the kernel's empty buffer.</returns>
    public bool TryIntroduce(IPEndPoint client, Connection destination)
    {
        Span<byte> header = stackalloc byte[ProxyHeader.MaxWritten];
        var length = _introductions.Write(client, destination.Remote, header);
        return length == 0 || destination.Write(header[..length]).Bytes == length;
    }
}
