using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Egress;

/// <summary>
/// One client's way to its destination: look the name up once, judge the addresses, race connections to those allowed. It
/// belongs to one actor, which is told its events and hands them back to <see cref="Advance"/>.
/// </summary>
/// <remarks>What to try when is AddressRace's decision; an address that stands alone needs none.</remarks>
internal sealed class Dial
{
    private readonly Dialer _dialer;
    private readonly Lane _lane;
    private readonly IActorRef _owner;
    private readonly int _port;
    private readonly bool _destinationIsIPv6;
    private Connection? _attempt;
    private CancellationTokenSource? _lookup;

    /// <summary>Nothing happens before <see cref="Start"/>.</summary>
    public Dial(Dialer dialer, Lane lane, IActorRef owner, int port, AddressFamily? literal)
    {
        _dialer = dialer;
        _lane = lane;
        _owner = owner;
        _port = port;
        _destinationIsIPv6 = literal == AddressFamily.InterNetworkV6;
    }

    /// <summary>Something that the owner is told, for <see cref="Advance"/>.</summary>
    internal abstract record Event;

    private sealed record Resolved(ResolvedName Name) : Event;

    private sealed record Ready(int Attempt) : Event
    {
        public static readonly Ready First = new(0);
    }

    /// <summary>The connection, once there is one: the owner's from then on.</summary>
    public Connection? Connected { get; private set; }

    /// <summary>Why there is none, once that is certain.</summary>
    public Refusal Refusal { get; private set; }

    /// <summary>What to say when the owner's patience ends now.</summary>
    public Refusal TimedOutIn => _lookup is null ? Refusal.ConnectTimedOut : Refusal.NameLookupTimedOut;

    /// <summary>Begins.</summary>
    public void Start(Destination destination)
    {
        if (destination.Address is { } address)
            Connect(address);
        else
            LookUp(destination.HostName!);
    }

    /// <summary>Goes on after an event.</summary>
    public void Advance(Event happened)
    {
        switch (happened)
        {
            case Resolved resolved:
                _lookup = null;
                if (resolved.Name.Refusal != Refusal.None)
                    Refusal = resolved.Name.Refusal;
                else
                    Connect(resolved.Name.Addresses[0]);
                break;
            case Ready when _attempt is not null:
                Settle();
                break;
        }
    }

    /// <summary>Gives up: whatever is under way is closed. Harmless at any time.</summary>
    public void Cancel()
    {
        _lookup?.Cancel();
        _attempt?.Reset();
        _attempt = null;
    }

    private void LookUp(string name)
    {
        _lookup = new CancellationTokenSource();
        _dialer.Resolver.ResolveAsync(name, _lookup.Token).PipeTo(_owner, success: resolved => new Resolved(resolved));
    }

    private void Connect(IPAddress address)
    {
        Refusal = _dialer.Policy.Judge(address, _port);
        if (Refusal != Refusal.None)
            return;
        var endpoint = new IPEndPoint(Rules.DestinationPolicy.Canonical(address), _port);
        _attempt = _lane.Dial(endpoint, new ActorOwner(_owner, Ready.First), out var error);
        if (_attempt is null)
            Refusal = Refusals.OfConnect(error, _destinationIsIPv6);
    }

    private void Settle()
    {
        var outcome = _attempt!.ConnectOutcome();
        if (outcome == SocketError.InProgress)
            return;
        if (outcome == SocketError.Success)
        {
            Connected = _attempt;
        }
        else
        {
            Refusal = Refusals.OfConnect(outcome, _destinationIsIPv6);
            _attempt.Close();
        }

        _attempt = null;
    }
}
