using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Rules;

public sealed class DestinationPolicyTests
{
    private static readonly Gen<IPAddress> AnyIPv4 = Gen.UInt.Select(bits => new IPAddress(BitConverter.GetBytes(bits)));

    public static TheoryData<string> Denied => [.. SpecialAddresses.Denied];

    public static TheoryData<string> DeniedIPv4 => [.. SpecialAddresses.Denied.Where(text => !text.Contains(':'))];

    public static TheoryData<string> Public => [.. SpecialAddresses.Public];

    public static TheoryData<string> NeverAllowed =>
    [
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "239.255.255.250", "::", "ff02::1", "::ffff:0:0.0.0.0", "64:ff9b::0.0.0.0",
        "2002:e000:1::1", "fe80::1%1", "2606:4700:4700::1111%1",
    ];

    [Fact]
    public void The_table_is_large_enough_to_mean_something() => Assert.True(SpecialAddresses.Denied.Distinct().Count() >= 120);

    [Theory, MemberData(nameof(Denied))]
    public void A_special_address_is_refused(string text) =>
        Assert.Equal(Refusal.SpecialPurposeAddress, Policy().Judge(IPAddress.Parse(text), 80));

    [Theory, MemberData(nameof(DeniedIPv4))]
    public void A_special_address_is_refused_in_every_form_that_carries_it(string text)
    {
        var b = IPAddress.Parse(text).GetAddressBytes();
        string[] forms =
        [
            $"::ffff:{text}", $"::{text}", $"::ffff:0:{text}", $"64:ff9b::{text}", $"2a00:1450::5efe:{text}",
            $"2002:{b[0]:x2}{b[1]:x2}:{b[2]:x2}{b[3]:x2}::1",
        ];
        Assert.All(forms, form => Assert.Equal(Refusal.SpecialPurposeAddress, Policy().Judge(IPAddress.Parse(form), 80)));
    }

    [Theory, MemberData(nameof(Public))]
    public void A_public_address_is_allowed(string text) =>
        Assert.Equal(Refusal.None, Policy().Judge(IPAddress.Parse(text), 80));

    [Fact]
    public void An_IPv4_address_and_its_mapped_form_get_one_verdict()
    {
        var policy = Policy(allow: ["10.1.0.0/16", "127.0.0.1/32"]);
        var special = SpecialAddresses.Denied.Where(text => !text.Contains(':')).Select(IPAddress.Parse).ToArray();
        Gen.OneOf(AnyIPv4, Gen.Int[0, special.Length - 1].Select(i => special[i]))
            .Sample(address => policy.Judge(address, 80) == policy.Judge(address.MapToIPv6(), 80), iter: 100_000);
    }

    [Fact]
    public void Allowing_a_network_changes_no_verdict_outside_it()
    {
        var strict = Policy();
        Gen.Select(AnyIPv4, AnyIPv4, Gen.Int[1, 32]).Sample((address, network, length) =>
        {
            var allowed = new IPNetwork(new IPAddress(Masked(network, length)), length);
            var verdict = Policy(allow: [allowed.ToString()]).Judge(address, 80);
            return verdict == strict.Judge(address, 80) || (verdict == Refusal.None && allowed.Contains(address));
        });
    }

    [Fact]
    public void A_mapped_address_becomes_IPv4_and_others_stay()
    {
        Assert.Equal(IPAddress.Parse("127.0.0.1"), DestinationPolicy.Canonical(IPAddress.Parse("::ffff:127.0.0.1")));
        Assert.Equal(IPAddress.Parse("64:ff9b::1.2.3.4"), DestinationPolicy.Canonical(IPAddress.Parse("64:ff9b::1.2.3.4")));
        Assert.Equal(IPAddress.Parse("1.2.3.4"), DestinationPolicy.Canonical(IPAddress.Parse("1.2.3.4")));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("fd12::1")]
    public void An_allowed_network_opens_its_addresses(string text) =>
        Assert.Equal(Refusal.None, Policy(allow: ["10.0.0.0/8", "fd00::/8"]).Judge(IPAddress.Parse(text), 80));

    [Theory]
    [InlineData("64:ff9b::10.1.2.3")]
    [InlineData("2002:a01:203::1")]
    [InlineData("::10.1.2.3")]
    public void Allowing_an_IPv4_network_does_not_open_the_addresses_that_carry_it(string text) =>
        Assert.Equal(Refusal.SpecialPurposeAddress, Policy(allow: ["10.0.0.0/8"]).Judge(IPAddress.Parse(text), 80));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.1")]
    [InlineData("::1")]
    [InlineData("fd00::1")]
    [InlineData("64:ff9b::10.0.0.1")]
    public void Special_purpose_allow_opens_special_addresses(string text) =>
        Assert.Equal(Refusal.None, Policy(deny: false).Judge(IPAddress.Parse(text), 80));

    [Theory, MemberData(nameof(NeverAllowed))]
    public void No_setting_opens_an_address_that_is_not_one_other_host(string text)
    {
        var address = IPAddress.Parse(text);
        Assert.Equal(Refusal.SpecialPurposeAddress, Policy(deny: false).Judge(address, 80));
        Assert.Equal(Refusal.SpecialPurposeAddress, Policy(allow: ["0.0.0.0/0", "::/0"]).Judge(address, 80));
    }

    [Fact]
    public void A_public_address_of_this_host_is_special()
    {
        var policy = Policy(interfaces: ["93.184.216.34", "2606:4700::9"]);
        Assert.Equal(Refusal.SpecialPurposeAddress, policy.Judge(IPAddress.Parse("93.184.216.34"), 22));
        Assert.Equal(Refusal.SpecialPurposeAddress, policy.Judge(IPAddress.Parse("::ffff:93.184.216.34"), 22));
        Assert.Equal(Refusal.SpecialPurposeAddress, policy.Judge(IPAddress.Parse("64:ff9b::93.184.216.34"), 22));
        Assert.Equal(Refusal.SpecialPurposeAddress, policy.Judge(IPAddress.Parse("2606:4700::9"), 22));
        Assert.Equal(Refusal.None, policy.Judge(IPAddress.Parse("93.184.216.35"), 22));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::127.0.0.1")]
    public void An_own_endpoint_is_refused_though_everything_is_allowed(string text)
    {
        var own = new OwnEndpoints(new OwnAddresses(() => [], TimeProvider.System));
        own.Add(new IPEndPoint(IPAddress.Loopback, 1080));
        var policy = new DestinationPolicy(Settings(deny: false, ["0.0.0.0/0", "::/0"]), own);

        Assert.Equal(Refusal.OwnEndpoint, policy.Judge(IPAddress.Parse(text), 1080));
        Assert.Equal(Refusal.None, policy.Judge(IPAddress.Parse(text), 1081));
    }

    [Fact]
    public void Sifting_keeps_the_allowed_addresses_in_order_and_canonical()
    {
        ImmutableArray<IPAddress> answer =
            [.. new[] { "2606:4700::1", "127.0.0.1", "::ffff:1.1.1.1", "10.0.0.1", "8.8.8.8" }.Select(IPAddress.Parse)];

        Assert.Equal(Refusal.None, Policy().Sift(answer, 80, out var allowed));
        Assert.Equal(["2606:4700::1", "1.1.1.1", "8.8.8.8"], allowed.Select(a => a.ToString()));
    }

    [Fact]
    public void Sifting_refuses_when_nothing_is_left()
    {
        var refusal = Policy().Sift([IPAddress.Loopback, IPAddress.IPv6Loopback], 80, out var allowed);
        Assert.Equal(Refusal.SpecialPurposeAddress, refusal);
        Assert.Empty(allowed);
    }

    [Fact]
    public void Judging_allocates_nothing()
    {
        var policy = Policy(allow: ["10.0.0.0/8", "fd00::/8"], interfaces: ["93.184.216.34"]);
        IPAddress[] addresses = [IPAddress.Parse("8.8.8.8"), IPAddress.Parse("fd00::1"), IPAddress.Parse("64:ff9b::1.2.3.4")];
        JudgeAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        JudgeAll();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void JudgeAll()
        {
            foreach (var address in addresses)
                policy.Judge(address, 443);
        }
    }

    private static byte[] Masked(IPAddress network, int length)
    {
        var b = network.GetAddressBytes();
        for (var bit = length; bit < 32; bit++)
            b[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return b;
    }

    private static DestinationPolicy Policy(bool deny = true, string[]? allow = null, string[]? interfaces = null) =>
        new(Settings(deny, allow ?? []), new OwnEndpoints(
            new OwnAddresses(() => (interfaces ?? []).Select(IPAddress.Parse), TimeProvider.System)));

    private static EgressSettings Settings(bool deny, string[] allow) => new()
    {
        DenySpecialPurpose = deny,
        Allow = [.. allow.Select(IPNetwork.Parse)],
        AttemptDelay = TimeSpan.Zero,
        HideBoundAddress = false,
            ProxyProtocol = [],
        Dns = null!,
    };
}
