using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// What happens to each datagram of one association: decisions only, no socket and no clock. A datagram whose destination is
/// known costs a look into a table and allocates nothing; an association that has not been used has no tables.
/// </summary>
/// <remarks>
/// <code>
/// from the client       sender pinned? ─► header ─► FRAG 00? ─► name known? ─► destination known, or judged and entered ─► rate ─► send
/// from a destination    has the client sent there? (or full cone) ────────────────────────────────────────────────► rate ─► send
/// </code>
/// The sender is pinned twice over: to the address of the control connection (RFC 1928 §7), and to the port of the first datagram
/// that can be read. An open relay port would be one that anybody could send through in the client's name.
/// </remarks>
internal sealed class UdpAssociation
{
    // How long it is remembered that a name has no address: a client that goes on sending must not make a lookup of each datagram.
    private const int FailedLookupMilliseconds = 2000;

    // A table that is full is not swept for each datagram to somewhere new.
    private const int LeastSweepMilliseconds = 500;

    private readonly UdpSettings _settings;
    private readonly DestinationPolicy _policy;
    private readonly UdpRate? _up, _down;
    private readonly long _destinationIdle;
    private DatagramAddress _client;
    private Dictionary<DatagramAddress, Contact>? _contacts;
    private UdpNames? _names;
    private long _sweptAt;

    /// <summary>An association that nothing was sent through yet.</summary>
    /// <param name="client">The address of the control connection's far end.</param>
    /// <param name="hint">DST of the request: only its port can matter, and only with <c>udp.strict-port</c>. Clients put
    /// all kinds of things there.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="policy">Judges destinations.</param>
    /// <param name="now">Milliseconds of a monotonic clock; later calls bring later ones.</param>
    public UdpAssociation(IPAddress client, Destination hint, UdpSettings settings, DestinationPolicy policy, long now)
    {
        _client = DatagramAddress.Of(client, 0);
        _settings = settings;
        _policy = policy;
        _destinationIdle = (long)settings.DestinationIdleTimeout.TotalMilliseconds;
        LastActivity = now;
        if (settings.StrictPort && IsClientOrNobody(hint))
            _client = _client with { Port = hint.Port };
        if (settings.PacketsPerSecond is not null || settings.BytesPerSecond is not null)
        {
            _up = new UdpRate(settings.PacketsPerSecond, settings.BytesPerSecond, now);
            _down = new UdpRate(settings.PacketsPerSecond, settings.BytesPerSecond, now);
        }
    }

    /// <summary>A destination that the client has sent to.</summary>
    private struct Contact
    {
        /// <summary>The last datagram, either way.</summary>
        public long LastUsed;

        /// <summary>Of what is sent there; null without a limit.</summary>
        public UdpRate? Rate;
    }

    /// <summary>When a datagram was last sent on, either way.</summary>
    public long LastActivity { get; private set; }

    /// <summary>The client has sent somewhere of late.</summary>
    public bool HasDestinations => _contacts?.Count > 0;

    /// <summary>Decides about a datagram that came to the client's side.</summary>
    /// <param name="sender">Who sent it.</param>
    /// <param name="datagram">The whole of it, with its header.</param>
    /// <param name="now">The time.</param>
    public UdpStep FromClient(DatagramAddress sender, ReadOnlySpan<byte> datagram, long now)
    {
        if (sender.Number != _client.Number || (_client.Port != 0 && sender.Port != _client.Port))
            return UdpStep.Dropped(DatagramDrop.ForeignSender);
        if (!UdpDatagram.TryRead(datagram, out var read))
            return UdpStep.Dropped(DatagramDrop.Malformed);
        if (read.Fragment != 0)
            return UdpStep.Dropped(DatagramDrop.Fragment);
        _client = sender;
        return read.Name.IsEmpty
            ? To(read.Address, datagram[read.HeaderLength..], read.HeaderLength, now)
            : ToName(read, datagram, now);
    }

    /// <summary>Decides about a datagram that came to the other side.</summary>
    /// <param name="sender">Who sent it.</param>
    /// <param name="length">Bytes of it.</param>
    /// <param name="now">The time.</param>
    public UdpStep FromDestination(DatagramAddress sender, int length, long now)
    {
        if (Unsafe.IsNullRef(ref Find(sender, now)) && !(_settings.FullCone && _client.Port != 0))
            return UdpStep.Dropped(DatagramDrop.UnknownSource);
        if (_down?.TryTake(length, now) == false)
            return UdpStep.Dropped(DatagramDrop.Rate);
        LastActivity = now;
        return UdpStep.Sent(_client, UdpDatagram.HeaderLengthOf(sender));
    }

    /// <summary>A lookup has ended. Of several addresses the first is taken that is allowed and that this host has a route to; where
    /// none is, the first, to be denied when something is sent there.</summary>
    /// <param name="name">The name.</param>
    /// <param name="addresses">What was found; empty when nothing was.</param>
    /// <param name="hasRoute">Whether this host has a route to an address.</param>
    /// <param name="now">The time.</param>
    /// <returns>The datagrams that waited: <see cref="FromHeld"/> decides about each.</returns>
    public HeldDatagram[] Resolved(UdpName name, ImmutableArray<IPAddress> addresses, Func<IPAddress, bool> hasRoute, long now)
    {
        if (addresses.IsEmpty)
            return _names!.End(name, UdpNameState.Failed, now);
        var usable = addresses.FirstOrDefault(it => _policy.Judge(it, port: 0) == Refusal.None && hasRoute(it));
        name.Number = AddressRange.NumberOf(usable ?? addresses[0]);
        return _names!.End(name, UdpNameState.Known, now);
    }

    /// <summary>Decides about a datagram that has waited for the address of its name.</summary>
    public UdpStep FromHeld(UdpName name, HeldDatagram held, long now) => name.State == UdpNameState.Known
        ? To(new DatagramAddress(name.Number, held.Port), held.Payload, 0, now)
        : UdpStep.Dropped(DatagramDrop.LookupFailed);

    /// <summary>Forgets the destinations and names that were not used of late, and the destinations that may not be reached any
    /// more: what an address belongs to can change.</summary>
    public void Sweep(long now)
    {
        _sweptAt = now;
        _names?.Forget(now - _destinationIdle);
        if (_contacts is null)
            return;
        foreach (var (destination, contact) in _contacts)
        {
            if (HasExpired(contact, now) || _policy.Judge(destination.Number, destination.Port) != Refusal.None)
                _contacts.Remove(destination);
        }
    }

    private bool IsClientOrNobody(Destination hint) => hint.Address is { } address
        && (AddressRange.NumberOf(address) == _client.Number || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private UdpStep ToName(scoped in UdpDatagram read, ReadOnlySpan<byte> datagram, long now)
    {
        var payload = datagram[read.HeaderLength..];
        var name = _names?.Find(read.Name);
        switch (name?.State)
        {
            case null:
                return ToNewName(read, datagram, now);
            case UdpNameState.Known when now - name.At <= _destinationIdle || name.HostName is null:
                name.At = now;
                return To(new DatagramAddress(name.Number, read.Address.Port), payload, read.HeaderLength, now);
            case UdpNameState.Failed when now - name.At <= FailedLookupMilliseconds:
                return UdpStep.Dropped(DatagramDrop.LookupFailed);
            case UdpNameState.Pending:
                return _names!.TryHold(name, read.Address.Port, payload) ? UdpStep.Held : UdpStep.Dropped(DatagramDrop.LookupBusy);
            default:
                return _names!.TryLookUpAgain(name) ? LookUp(name, read.Address.Port, payload) : UdpStep.Dropped(DatagramDrop.LookupBusy);
        }
    }

    private UdpStep ToNewName(scoped in UdpDatagram read, ReadOnlySpan<byte> datagram, long now)
    {
        if (UdpHeader.TryRead(datagram, out var header, out _) != DecodeStatus.Done)
            return UdpStep.Dropped(DatagramDrop.Malformed);
        _names ??= new UdpNames(_settings.MaxLookups);
        var payload = datagram[read.HeaderLength..];
        var literal = header.Destination.Address;
        var name = new UdpName
        {
            HostName = header.Destination.HostName,
            State = literal is null ? UdpNameState.Pending : UdpNameState.Known,
            Number = literal is null ? 0 : AddressRange.NumberOf(literal),
            At = now,
        };
        if (!_names.TryAdd(read.Name, name))
            return UdpStep.Dropped(DatagramDrop.LookupBusy);
        return literal is null
            ? LookUp(name, read.Address.Port, payload)
            : To(new DatagramAddress(name.Number, read.Address.Port), payload, read.HeaderLength, now);
    }

    private UdpStep LookUp(UdpName name, ushort port, ReadOnlySpan<byte> payload)
    {
        // The lookup is worth it even where nothing may wait for it any more: the next datagram finds its answer.
        _names!.TryHold(name, port, payload);
        return UdpStep.LookedUp(name);
    }

    private UdpStep To(DatagramAddress destination, ReadOnlySpan<byte> payload, int header, long now)
    {
        if (_settings.DenyAmplifiers && UdpAmplifiers.Contains(destination.Port, payload))
            return UdpStep.Dropped(DatagramDrop.Denied);
        ref var contact = ref Find(destination, now);
        if (Unsafe.IsNullRef(ref contact))
        {
            if (_policy.Judge(destination.Number, destination.Port) != Refusal.None)
                return UdpStep.Dropped(DatagramDrop.Denied);
            if (!HasRoomFor(destination, now))
                return UdpStep.Dropped(DatagramDrop.TooManyDestinations);
            contact = ref Enter(destination, now);
        }

        if (contact.Rate?.TryTake(payload.Length, now) == false || _up?.TryTake(payload.Length, now) == false)
            return UdpStep.Dropped(DatagramDrop.Rate);
        LastActivity = now;
        return UdpStep.Sent(destination, header);
    }

    /// <summary>The destination, marked as used; null when it is none, or none any more.</summary>
    private ref Contact Find(DatagramAddress destination, long now)
    {
        if (_contacts is null)
            return ref Unsafe.NullRef<Contact>();
        ref var contact = ref CollectionsMarshal.GetValueRefOrNullRef(_contacts, destination);
        if (Unsafe.IsNullRef(ref contact) || HasExpired(contact, now))
            return ref Unsafe.NullRef<Contact>();
        contact.LastUsed = now;
        return ref contact;
    }

    private bool HasRoomFor(DatagramAddress destination, long now)
    {
        if (_contacts is null || _contacts.Count < _settings.MaxDestinations || _contacts.ContainsKey(destination))
            return true;
        if (now - _sweptAt < LeastSweepMilliseconds)
            return false;
        Sweep(now);
        return _contacts.Count < _settings.MaxDestinations;
    }

    private ref Contact Enter(DatagramAddress destination, long now)
    {
        _contacts ??= [];
        ref var contact = ref CollectionsMarshal.GetValueRefOrAddDefault(_contacts, destination, out _);
        contact.LastUsed = now;
        if (_settings.PacketsPerSecondToDestination is { } most)
            contact.Rate ??= new UdpRate(most, null, now);
        return ref contact!;
    }

    private bool HasExpired(in Contact contact, long now) => now - contact.LastUsed > _destinationIdle;
}
