using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;

namespace AkkaSocks.Proxy.Rules;

/// <summary>
/// The addresses of this host's interfaces, as a snapshot. Asking it costs no system call: a snapshot that is too old is renewed
/// on another thread while the old one goes on answering.
/// </summary>
internal sealed class OwnAddresses
{
    // An interface address is added rarely, by hand or by DHCP; listing the interfaces costs some hundred microseconds.
    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(5);

    private readonly Func<IEnumerable<IPAddress>> _list;
    private readonly TimeProvider _clock;
    private volatile FrozenSet<UInt128> _numbers;
    private long _listedAt;
    private int _renewing;

    /// <summary>Lists the addresses once, at once.</summary>
    /// <param name="list">How to list them; it may block and may throw <see cref="NetworkInformationException"/>.</param>
    /// <param name="clock">The age of a snapshot is measured by its monotonic side.</param>
    public OwnAddresses(Func<IEnumerable<IPAddress>> list, TimeProvider clock)
    {
        _list = list;
        _clock = clock;
        _listedAt = clock.GetTimestamp();
        _numbers = Snapshot();
    }

    /// <summary>The unicast addresses of all interfaces of this host.</summary>
    public static IEnumerable<IPAddress> OfThisHost() =>
        from card in NetworkInterface.GetAllNetworkInterfaces()
        from unicast in card.GetIPProperties().UnicastAddresses
        select unicast.Address;

    /// <summary>Whether the address with this number is one of them.</summary>
    public bool Contains(UInt128 number)
    {
        if (_clock.GetElapsedTime(Volatile.Read(ref _listedAt)) > RenewAfter && Interlocked.Exchange(ref _renewing, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static own => own.Renew(), this, preferLocal: false);

        return _numbers.Contains(number);
    }

    private void Renew()
    {
        try
        {
            _numbers = Snapshot();
        }
        catch (NetworkInformationException)
        {
            // The old snapshot stays: knowing the addresses of a moment ago is safer than knowing none.
        }
        finally
        {
            Volatile.Write(ref _listedAt, _clock.GetTimestamp());
            Volatile.Write(ref _renewing, 0);
        }
    }

    private FrozenSet<UInt128> Snapshot() => _list().Select(AddressRange.NumberOf).ToFrozenSet();
}
