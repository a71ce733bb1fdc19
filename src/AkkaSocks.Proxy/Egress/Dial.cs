using System.Collections.Immutable;
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
/// <remarks>
/// <code>
/// name ─► Resolved ─► judged addresses ─┐
/// address ──────────► judged ───────────┴─► AddressRace ─► attempts ─► Connected | Refusal
/// </code>
/// The race decides what to try when; here is only what it takes to do it.
/// </remarks>
internal sealed class Dial
{
    private readonly Dialer _dialer;
    private readonly Lane _lane;
    private readonly IActorRef _owner;
    private readonly int _port;
    private readonly bool _destinationIsIPv6;
    private CancellationTokenSource? _lookup;
    private AddressRace _race;
    private Connection?[] _attempts = [];
    private Deadline? _nextAttempt;

    /// <summary>Begins at once. Connects to the destination, or finds out why not.</summary>
    public Dial(Dialer dialer, Destination destination, Lane lane, IActorRef owner)
    {
        _dialer = dialer;
        _lane = lane;
        _owner = owner;
        _port = destination.Port;
        _destinationIsIPv6 = destination.Address?.AddressFamily == AddressFamily.InterNetworkV6;
        if (destination.Address is { } address)
            Connect([address]);
        else
            LookUp(destination.HostName!);
    }

    /// <summary>Something that the owner is told, for <see cref="Advance"/>.</summary>
    internal abstract record Event;

    private sealed record Resolved(ResolvedName Name) : Event;

    private sealed record Ready(int Attempt) : Event
    {
        private static readonly Ready[] All = [.. Enumerable.Range(0, ResolvedName.MaxAddresses).Select(i => new Ready(i))];

        public static Ready Of(int attempt) => All[attempt];
    }

    private sealed record NextAttemptDue : Event
    {
        public static readonly NextAttemptDue Instance = new();
    }

    /// <summary>The connection, once there is one: the owner's from then on.</summary>
    public Connection? Connected { get; private set; }

    /// <summary>Why there is none, once that is certain.</summary>
    public Refusal Refusal { get; private set; }

    /// <summary>Goes on after an event. Events may come late: those of a dial that is over are ignored.</summary>
    public void Advance(Event happened)
    {
        switch (happened)
        {
            case Resolved resolved when _lookup is not null:
                EndLookUp();
                Refusal = resolved.Name.Refusal;
                if (Refusal == Refusal.None)
                    Connect(resolved.Name.Addresses);
                break;
            case Ready ready when Attempt(ready.Attempt) is { } attempt:
                Settle(ready.Attempt, attempt);
                break;
            case NextAttemptDue when _attempts.Length > 0:
                Follow(_race.DelayElapsed());
                break;
        }
    }

    /// <summary>The owner's patience has ended: closes what is under way.</summary>
    /// <returns>What to tell the client.</returns>
    public Refusal TimeOut()
    {
        var refusal = _lookup is not null ? Refusal.NameLookupTimedOut
            : _attempts.Length > 0 ? _race.DeadlinePassed().Refusal
            : Refusal.ConnectTimedOut;
        Cancel();
        return refusal;
    }

    /// <summary>Gives up: whatever is under way is closed. Harmless at any time.</summary>
    public void Cancel()
    {
        EndLookUp();
        _nextAttempt?.Cancel();
        foreach (var attempt in _attempts)
            attempt?.Reset();
        _attempts = [];
    }

    private void LookUp(string name)
    {
        _lookup = new CancellationTokenSource();
        _dialer.Resolver.ResolveAsync(name, _lookup.Token).PipeTo(_owner, success: resolved => new Resolved(resolved));
    }

    private void EndLookUp()
    {
        _lookup?.Cancel();
        _lookup = null;
    }

    private void Connect(ImmutableArray<IPAddress> addresses)
    {
        Refusal = _dialer.Policy.Sift(addresses, _port, out var allowed);
        if (Refusal != Refusal.None)
            return;
        _race = new AddressRace(allowed);
        _attempts = new Connection?[allowed.Length];
        Follow(_race.Start());
    }

    private void Follow(RaceStep step)
    {
        // An attempt that fails at once makes the race take its next step at once.
        while (step.Move == RaceMove.StartAttempt)
            step = Start(step);
        switch (step.Move)
        {
            case RaceMove.Won:
                Connected = _attempts[step.Index];
                _attempts[step.Index] = null;
                Cancel();
                break;
            case RaceMove.GiveUp:
                Refusal = step.Refusal;
                Cancel();
                break;
        }
    }

    private RaceStep Start(RaceStep step)
    {
        if (step.ArmDelay)
            (_nextAttempt ??= new Deadline(_lane.Deadlines, _owner, NextAttemptDue.Instance)).Arm(_dialer.AttemptDelay);
        else
            _nextAttempt?.Cancel();
        var endpoint = new IPEndPoint(_race.Addresses[step.Index], _port);
        var attempt = _lane.Dial(endpoint, new ActorOwner(_owner, Ready.Of(step.Index)), out var error);
        _attempts[step.Index] = attempt;
        return attempt is null
            ? _race.Failed(step.Index, Refusals.OfConnect(error, _destinationIsIPv6))
            : RaceStep.Wait;
    }

    private void Settle(int index, Connection attempt)
    {
        var outcome = attempt.ConnectOutcome();
        if (outcome == SocketError.InProgress)
            return;
        if (outcome == SocketError.Success)
        {
            Follow(_race.Connected(index));
            return;
        }

        attempt.Close();
        _attempts[index] = null;
        Follow(_race.Failed(index, Refusals.OfConnect(outcome, _destinationIsIPv6)));
    }

    private Connection? Attempt(int index) => index < _attempts.Length ? _attempts[index] : null;
}
