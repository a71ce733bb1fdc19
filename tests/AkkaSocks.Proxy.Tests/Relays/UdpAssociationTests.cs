using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Relays;

/// <summary>What an association decides, without a network and with the test's clock.</summary>
public sealed class UdpAssociationTests
{
    private static readonly IPAddress ClientAddress = IPAddress.Parse("127.0.0.7");
    private static readonly DatagramAddress Client = DatagramAddress.Of(ClientAddress, 5000);
    private static readonly IPEndPoint Somewhere = new(IPAddress.Parse("8.8.8.8"), 53);
    private static readonly UdpSettings Settings = TestSettings.Default.Udp;

    [Fact]
    public void Nothing_of_a_foreign_sender_is_ever_relayed_and_nothing_it_sends_changes_anything()
    {
        string[] addresses = ["127.0.0.7", "127.0.0.8", "::ffff:127.0.0.7", "::1"];
        byte[][] proper = [To(Somewhere, 1), To(new IPEndPoint(IPAddress.IPv6Loopback, 9), 2), Associate.Datagram("8.8.8.8", 53, [])];
        var senders = Gen.Select(Gen.Int[0, addresses.Length - 1], Gen.Int[5000, 5001])
            .Select((address, port) => DatagramAddress.Of(IPAddress.Parse(addresses[address]), (ushort)port));
        var datagrams = Gen.OneOf(Gen.Int[0, proper.Length - 1].Select(i => proper[i]), Gen.Byte.Array[0, 30]);
        Gen.Select(senders, datagrams).Array[1, 40].Sample(
            sent =>
            {
                var (all, own) = (New(Settings), New(Settings));
                DatagramAddress? pinned = null;
                foreach (var (sender, datagram) in sent)
                {
                    var step = all.FromClient(sender, datagram, 0);
                    var isOwn = sender.Number == Client.Number && (pinned is null || pinned == sender);
                    if (!isOwn)
                    {
                        Assert.Equal((UdpMove.Drop, DatagramDrop.ForeignSender), (step.Move, step.Drop));
                        continue;
                    }

                    // An association that never saw the strangers decides the same.
                    var undisturbed = own.FromClient(sender, datagram, 0);
                    Assert.Equal((undisturbed.Move, undisturbed.Drop, undisturbed.To), (step.Move, step.Drop, step.To));
                    if (step.Drop is not (DatagramDrop.Malformed or DatagramDrop.Fragment))
                        pinned = sender;
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void U12_a_destination_that_was_silent_for_too_long_is_a_stranger_again()
    {
        var association = New(Settings with { DestinationIdleTimeout = TimeSpan.FromSeconds(60) });
        var destination = DatagramAddress.Of(Somewhere);
        Assert.Equal(DatagramDrop.UnknownSource, association.FromDestination(destination, 1, 0).Drop);
        association.FromClient(Client, To(Somewhere), 0);
        Assert.Equal(Client, association.FromDestination(destination, 1, 60_000).To);
        Assert.Equal(UdpMove.Send, association.FromDestination(destination, 1, 120_000).Move);
        Assert.Equal(DatagramDrop.UnknownSource, association.FromDestination(destination, 1, 180_001).Drop);
        association.Sweep(180_001);
        Assert.False(association.HasDestinations);
    }

    [Fact]
    public void U12_more_destinations_than_allowed_get_nothing_until_others_were_silent_for_long_enough()
    {
        var association = New(Settings with { MaxDestinations = 3, DestinationIdleTimeout = TimeSpan.FromSeconds(60) });
        for (var i = 1; i <= 3; i++)
            Assert.Equal(UdpMove.Send, association.FromClient(Client, To(Other(i)), 1000).Move);
        Assert.Equal(DatagramDrop.TooManyDestinations, association.FromClient(Client, To(Other(4)), 1000).Drop);
        Assert.Equal(UdpMove.Send, association.FromClient(Client, To(Other(1)), 50_000).Move);
        Assert.Equal(UdpMove.Send, association.FromClient(Client, To(Other(4)), 62_000).Move);
        Assert.Equal(UdpMove.Send, association.FromClient(Client, To(Other(5)), 62_000).Move);
        Assert.Equal(DatagramDrop.TooManyDestinations, association.FromClient(Client, To(Other(6)), 62_000).Drop);
    }

    [Fact]
    public void U12_datagrams_and_bytes_beyond_the_rate_are_dropped_each_way_by_itself()
    {
        var association = New(Settings with { PacketsPerSecond = 10, BytesPerSecond = 200_000 });
        var passed = Enumerable.Range(0, 20).Count(_ => association.FromClient(Client, To(Somewhere), 0).Move == UdpMove.Send);
        Assert.Equal(10, passed);
        Assert.Equal(UdpMove.Send, association.FromDestination(DatagramAddress.Of(Somewhere), 1, 0).Move);
        passed = Enumerable.Range(0, 20).Count(_ => association.FromClient(Client, To(Somewhere), 500).Move == UdpMove.Send);
        Assert.Equal(5, passed);

        var bytes = New(Settings with { BytesPerSecond = 1000 });
        Assert.Equal(UdpMove.Send, bytes.FromClient(Client, To(Somewhere, new byte[60_000]), 0).Move);
        Assert.Equal(DatagramDrop.Rate, bytes.FromClient(Client, To(Somewhere, new byte[6000]), 0).Drop);
        Assert.Equal(UdpMove.Send, bytes.FromClient(Client, To(Somewhere, new byte[6000]), 1000).Move);
    }

    [Fact]
    public void S14_one_destination_gets_so_many_datagrams_a_second_and_the_others_theirs()
    {
        var association = New(Settings with { PacketsPerSecondToDestination = 10 });
        Assert.Equal(10, SentOf(20, Other(1), at: 0));
        Assert.Equal(10, SentOf(20, Other(2), at: 0));
        Assert.Equal(DatagramDrop.Rate, association.FromClient(Client, To(Other(1)), 0).Drop);
        Assert.Equal(UdpMove.Send, association.FromDestination(DatagramAddress.Of(Other(1)), 1, 0).Move);
        Assert.Equal(5, SentOf(20, Other(1), at: 500));

        int SentOf(int tries, IPEndPoint destination, long at) =>
            Enumerable.Range(0, tries).Count(_ => association.FromClient(Client, To(destination), at).Move == UdpMove.Send);
    }

    [Theory]
    [InlineData(7, 0x00, true), InlineData(17, 0x00, true), InlineData(19, 0x00, true), InlineData(389, 0x00, true)]
    [InlineData(1900, 0x00, true), InlineData(11211, 0x00, true)]
    [InlineData(123, 0x17, true), InlineData(123, 0x16, true)]
    [InlineData(123, 0x23, false), InlineData(123, 0x1B, false)]
    [InlineData(53, 0x00, false), InlineData(443, 0x17, false)]
    public void U13_amplifiers_get_nothing_and_clocks_are_set_all_the_same(int port, byte first, bool denied)
    {
        var there = new IPEndPoint(IPAddress.Parse("8.8.8.8"), port);
        var step = New(Settings).FromClient(Client, To(there, first), 0);
        Assert.Equal(denied ? DatagramDrop.Denied : DatagramDrop.None, step.Drop);
        Assert.Equal(UdpMove.Send, New(Settings with { DenyAmplifiers = false }).FromClient(Client, To(there, first), 0).Move);
    }

    [Fact]
    public void U11_lookups_in_flight_and_what_waits_for_them_have_an_end()
    {
        var association = New(Settings with { MaxLookups = 2 });
        Assert.Equal(UdpMove.LookUp, association.FromClient(Client, ToName("a.example"), 0).Move);
        Assert.Equal(UdpMove.LookUp, association.FromClient(Client, ToName("b.example"), 0).Move);
        Assert.Equal(DatagramDrop.LookupBusy, association.FromClient(Client, ToName("c.example"), 0).Drop);
        var held = Enumerable.Range(0, 1000).Count(_ => association.FromClient(Client, ToName("a.example"), 0).Move == UdpMove.Hold);
        Assert.Equal(UdpNames.MaxHeld - 2, held);
        Assert.Equal(DatagramDrop.LookupBusy, association.FromClient(Client, ToName("b.example"), 0).Drop);
    }

    [Fact]
    public void U11_a_failed_lookup_is_remembered_for_a_moment_and_then_tried_again()
    {
        var association = New(Settings);
        var name = association.FromClient(Client, ToName("a.example"), 0).Name!;
        var held = Assert.Single(association.Resolved(name, [], _ => true, 10));
        Assert.Equal(DatagramDrop.LookupFailed, association.FromHeld(name, held, 10).Drop);
        Assert.Equal(DatagramDrop.LookupFailed, association.FromClient(Client, ToName("a.example"), 100).Drop);
        Assert.Equal(UdpMove.LookUp, association.FromClient(Client, ToName("a.example"), 10_000).Move);
    }

    [Fact]
    public void U11_of_several_addresses_one_is_taken_that_is_allowed_and_has_a_route_and_kept()
    {
        var association = New(Settings);
        var name = association.FromClient(Client, ToName("a.example"), 0).Name!;
        IPAddress[] addresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("2606:4700::1"), IPAddress.Parse("1.1.1.1")];
        association.Resolved(name, [.. addresses], it => it.GetAddressBytes().Length == 4, 0);
        var step = association.FromClient(Client, ToName("a.example"), 1);
        Assert.Equal((UdpMove.Send, new IPEndPoint(addresses[2], 53)), (step.Move, step.To.ToEndPoint()));
    }

    [Fact]
    public void Names_beyond_the_table_make_room_for_each_other()
    {
        var association = New(Settings with { MaxDestinations = 1000 });
        for (var i = 0; i < 3 * UdpNames.MaxNames; i++)
        {
            var name = association.FromClient(Client, ToName($"n{i}.example"), i).Name!;
            association.Resolved(name, [IPAddress.Parse("8.8.8.8")], _ => true, i);
        }

        Assert.Equal(UdpMove.Send, association.FromClient(Client, ToName($"n{(3 * UdpNames.MaxNames) - 1}.example"), 1000).Move);
        Assert.Equal(UdpMove.LookUp, association.FromClient(Client, ToName("n0.example"), 1000).Move);
    }

    [Fact]
    public void A_datagram_to_a_known_destination_and_its_answer_allocate_nothing()
    {
        var association = New(Settings);
        byte[][] datagrams = [To(Somewhere, 1), Associate.Datagram("8.8.8.8", 53, [1])];
        foreach (var datagram in datagrams)
        {
            association.FromClient(Client, datagram, 0);
            association.FromDestination(DatagramAddress.Of(Somewhere), 1, 0);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            foreach (var datagram in datagrams)
                association.FromClient(Client, datagram, i);
            association.FromDestination(new DatagramAddress(Client.Number, 1), 1, i);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static UdpAssociation New(UdpSettings settings) => new(
        ClientAddress,
        default,
        settings,
        new DestinationPolicy(TestSettings.Default.Egress, new OwnEndpoints(new OwnAddresses(() => [], TimeProvider.System))),
        0);

    private static IPEndPoint Other(int i) => new(IPAddress.Parse($"8.8.4.{i}"), 53);

    private static byte[] To(IPEndPoint destination, params byte[] payload) => Associate.Datagram(destination, payload);

    private static byte[] ToName(string name) => Associate.Datagram(name, 53, [1]);
}
