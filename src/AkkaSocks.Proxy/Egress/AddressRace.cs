using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Egress;

/// <summary>
/// Happy Eyeballs (RFC 8305 §5): which of a name's addresses to try when. The next address is tried beside the others when the
/// attempt delay is over, or at once when an attempt fails; the first to connect wins. Only decisions: sockets and timers are
/// the caller's, who reports what happened to them and does what comes back.
/// </summary>
/// <remarks>
/// <code>
///            Start            DelayElapsed / Failed, addresses left
///   (new) ─────────► Racing ─────────────────────────────────────────► StartAttempt(next)
///                      │  DelayElapsed, none left / Failed, others under way ─► Wait
///                      │  Connected ────────────────────────────────► Won       ┐
///                      └  Failed, the last one / DeadlinePassed ────► GiveUp    ┴ over: everything is answered with Wait
/// </code>
/// A mutable struct, so that a connection to a single address costs no object: keep it in a field that is not readonly.
/// </remarks>
internal struct AddressRace
{
    private readonly ImmutableArray<IPAddress> _addresses;
    private uint _underWay;
    private int _next;
    private bool _over;
    private Refusal _refusal;

    /// <summary>A race over these addresses.</summary>
    /// <param name="addresses">Judged and allowed, in the order to try them; 1 to <see cref="ResolvedName.MaxAddresses"/>.</param>
    public AddressRace(ImmutableArray<IPAddress> addresses)
    {
        ArgumentOutOfRangeException.ThrowIfZero(addresses.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(addresses.Length, ResolvedName.MaxAddresses);
        _addresses = addresses;
    }

    /// <summary>What the indexes of steps and events point into.</summary>
    public readonly ImmutableArray<IPAddress> Addresses => _addresses;

    /// <summary>The race begins.</summary>
    public RaceStep Start() => _next == 0 ? StartNext() : RaceStep.Wait;

    /// <summary>The attempt delay is over.</summary>
    public RaceStep DelayElapsed() => !_over && _next > 0 && _next < _addresses.Length ? StartNext() : RaceStep.Wait;

    /// <summary>An attempt failed; its socket is closed.</summary>
    public RaceStep Failed(int index, Refusal refusal)
    {
        if (!IsUnderWay(index))
            return RaceStep.Wait;

        _underWay &= ~(1u << index);
        _refusal = Preferred(_refusal, refusal);
        if (_next < _addresses.Length)
            return StartNext();
        return _underWay == 0 ? GiveUp() : RaceStep.Wait;
    }

    /// <summary>An attempt succeeded.</summary>
    public RaceStep Connected(int index)
    {
        if (!IsUnderWay(index))
            return RaceStep.Wait;

        _over = true;
        return new RaceStep(RaceMove.Won, index, false, Refusal.None);
    }

    /// <summary>The time for all attempts together is over: those under way have timed out.</summary>
    public RaceStep DeadlinePassed()
    {
        if (_over)
            return RaceStep.Wait;

        _refusal = Preferred(_refusal, Refusal.ConnectTimedOut);
        return GiveUp();
    }

    private readonly bool IsUnderWay(int index) => !_over && (_underWay & (1u << index)) != 0;

    private RaceStep StartNext()
    {
        var index = _next++;
        _underWay |= 1u << index;
        return new RaceStep(RaceMove.StartAttempt, index, ArmDelay: _next < _addresses.Length, Refusal.None);
    }

    private RaceStep GiveUp()
    {
        _over = true;
        return new RaceStep(RaceMove.GiveUp, -1, false, _refusal);
    }

    // Of several causes the one that tells the client most: that of a host that answered before that of one that did not. Of
    // two outside this order the later one.
    private static Refusal Preferred(Refusal earlier, Refusal later) => Rank(earlier) > Rank(later) ? earlier : later;

    private static int Rank(Refusal refusal) => refusal switch
    {
        Refusal.ConnectionRefused => 4,
        Refusal.HostUnreachable => 3,
        Refusal.NetworkUnreachable => 2,
        Refusal.ConnectTimedOut => 1,
        _ => 0,
    };
}
