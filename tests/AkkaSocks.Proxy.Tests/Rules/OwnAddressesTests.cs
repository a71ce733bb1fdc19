using System.Net;
using System.Net.NetworkInformation;
using AkkaSocks.Proxy.Rules;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Rules;

public sealed class OwnAddressesTests
{
    private static readonly UInt128 First = AddressRange.NumberOf(IPAddress.Parse("198.51.100.1"));
    private static readonly UInt128 Second = AddressRange.NumberOf(IPAddress.Parse("198.51.100.2"));

    private readonly ManualClock _clock = new();

    [Fact]
    public void Loopback_is_among_the_addresses_of_this_host() =>
        Assert.Contains(IPAddress.Loopback, OwnAddresses.OfThisHost());

    [Fact]
    public void Addresses_are_not_listed_again_while_the_snapshot_is_fresh()
    {
        var listed = 0;
        var own = new OwnAddresses(() => { listed++; return [IPAddress.Loopback]; }, _clock);
        _clock.Advance(TimeSpan.FromSeconds(4));
        for (var i = 0; i < 1000; i++)
            own.Contains(First);
        Assert.Equal(1, listed);
    }

    [Fact]
    public void A_new_address_is_seen_once_the_snapshot_is_old()
    {
        var address = "198.51.100.1";
        var own = new OwnAddresses(() => [IPAddress.Parse(address)], _clock);
        address = "198.51.100.2";
        Assert.True(own.Contains(First));

        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(SpinWait.SpinUntil(() => own.Contains(Second), TimeSpan.FromSeconds(10)));
        Assert.False(own.Contains(First));
    }

    [Fact]
    public void The_old_addresses_stay_when_listing_fails()
    {
        var tries = 0;
        var own = new OwnAddresses(
            () => Interlocked.Increment(ref tries) == 1
                ? [IPAddress.Parse("198.51.100.1")]
                : throw new NetworkInformationException(),
            _clock);

        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(SpinWait.SpinUntil(() => own.Contains(First) && Volatile.Read(ref tries) == 2, TimeSpan.FromSeconds(10)));
        Assert.True(own.Contains(First));
    }
}
