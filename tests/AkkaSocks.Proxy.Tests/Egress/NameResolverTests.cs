using System.Diagnostics;
using System.Net;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Egress;

public sealed class NameResolverTests : IDisposable
{
    private const string Name = "www.example.com";

    private readonly List<IDisposable> _open = [];
    private readonly ManualClock _clock = new();

    public void Dispose() => _open.ForEach(one => one.Dispose());

    [Theory]
    [InlineData("2001:db8::1", "198.51.100.1")]
    [InlineData("2001:db8::1", "")]
    [InlineData("", "198.51.100.1")]
    public async Task Addresses_of_both_families_are_found(string ipv6, string ipv4)
    {
        var server = Serve((name, type) => TestDnsAnswer.Of(name, 60, type == TestDnsAnswer.A ? Words(ipv4) : Words(ipv6)));
        Assert.Equal($"{ipv6} {ipv4}".Trim(), await Resolve(Resolver(server), Name));
        Assert.Equal([(Name, TestDnsAnswer.A), (Name, TestDnsAnswer.Aaaa)], server.Asked.Order());
    }

    [Fact]
    public async Task Families_take_turns_and_16_addresses_are_used_at_most()
    {
        var server = Serve((name, type) => TestDnsAnswer.Of(
            name, 60, [.. Enumerable.Range(1, 30).Select(i => type == TestDnsAnswer.A ? $"198.51.100.{i}" : $"2001:db8::{i}")]));
        var expected = string.Join(' ', Enumerable.Range(1, 8).Select(i => $"2001:db8::{i} 198.51.100.{i}"));
        Assert.Equal(expected, await Resolve(Resolver(server), Name));
    }

    [Fact]
    public async Task Aliases_are_followed()
    {
        var server = Serve((name, type) => type != TestDnsAnswer.A ? TestDnsAnswer.Empty : new TestDnsAnswer(
        [
            (name, TestDnsAnswer.CName, 60, "a.cdn.example"), ("a.cdn.example", TestDnsAnswer.CName, 60, "b.cdn.example"),
            ("b.cdn.example", TestDnsAnswer.A, 60, "198.51.100.1"),
        ]));
        Assert.Equal("198.51.100.1", await Resolve(Resolver(server), Name));
    }

    public static TheoryData<string, int> WaysOfNotResolving => new()
    {
        { nameof(TestDnsAnswer.NoSuchName), 2 },
        { nameof(TestDnsAnswer.Empty), 2 },
        { nameof(TestDnsAnswer.ServerFailure), 4 },
    };

    [Theory, MemberData(nameof(WaysOfNotResolving))]
    public async Task A_name_without_addresses_is_not_resolved(string way, int questions)
    {
        var answer = way switch
        {
            nameof(TestDnsAnswer.NoSuchName) => TestDnsAnswer.NoSuchName,
            nameof(TestDnsAnswer.Empty) => TestDnsAnswer.Empty,
            _ => TestDnsAnswer.ServerFailure,
        };
        var server = Serve((_, _) => answer);
        Assert.Equal(nameof(Refusal.NameNotResolved), await Resolve(Resolver(server), Name));
        Assert.Equal(questions, server.Asked.Count);
    }

    [Fact]
    public async Task An_answer_to_another_question_is_not_believed()
    {
        var server = Serve((name, _) => TestDnsAnswer.Of(name, 60, "198.51.100.1") with { ForAnotherQuestion = true });
        Assert.Equal(nameof(Refusal.NameNotResolved), await Resolve(Resolver(server), Name));
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_again_over_TCP()
    {
        var server = Serve((name, type) => type == TestDnsAnswer.A
            ? TestDnsAnswer.Of(name, 60, "198.51.100.1") with { Truncated = true }
            : TestDnsAnswer.Empty);
        Assert.Equal("198.51.100.1", await Resolve(Resolver(server), Name));
        Assert.Equal(1, server.AskedOverTcp);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_is_silent_or_fails_is_followed_by_the_next(bool silent)
    {
        var bad = Serve((_, _) => silent ? null : TestDnsAnswer.ServerFailure);
        var good = Serve(OneIPv4Address);
        var resolver = Resolver(bad, s => s with { Servers = [bad.Endpoint, good.Endpoint] });
        Assert.Equal("198.51.100.1", await Resolve(resolver, Name));
    }

    [Fact]
    public async Task A_server_that_says_no_is_believed_without_asking_the_next()
    {
        var first = Serve((_, _) => TestDnsAnswer.NoSuchName);
        var second = Serve((name, _) => TestDnsAnswer.Of(name, 60, "198.51.100.1"));
        var resolver = Resolver(first, s => s with { Servers = [first.Endpoint, second.Endpoint] });
        Assert.Equal(nameof(Refusal.NameNotResolved), await Resolve(resolver, Name));
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task One_family_left_unanswered_does_not_hold_up_the_other_for_long()
    {
        var server = Serve((name, type) => type == TestDnsAnswer.A ? TestDnsAnswer.Of(name, 60, "198.51.100.1") : null);
        var resolver = Resolver(server, s => s with { Timeout = TimeSpan.FromSeconds(20) });
        var start = Stopwatch.GetTimestamp();
        Assert.Equal("198.51.100.1", await Resolve(resolver, Name));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task A_silent_server_times_out_500_lookups_at_once_and_holds_no_thread()
    {
        var server = Serve((_, _) => null);
        var resolver = Resolver(server, s => s with { Timeout = TimeSpan.FromSeconds(2), MaxLookups = 50, MaxWaiting = 1000 });
        var start = Stopwatch.GetTimestamp();
        var lookups = LookUp(resolver, 500);

        // A thread of the pool is free at once, though it has few and all lookups are waiting.
        await Task.Run(() => { });
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 1.5);

        Assert.All(await Task.WhenAll(lookups), result => Assert.Equal(Refusal.NameLookupTimedOut, result.Refusal));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 1.9, 5);
    }

    [Fact]
    public async Task No_more_names_are_asked_at_once_than_allowed()
    {
        var server = Serve((_, _) => null);
        var resolver = Resolver(server, s => s with { Timeout = TimeSpan.FromSeconds(60), MaxLookups = 20, MaxWaiting = 1000 });
        var lookups = LookUp(resolver, 200);
        Assert.True(SpinWait.SpinUntil(() => NamesAsked() >= 20, TimeSpan.FromSeconds(20)));

        resolver.Dispose();
        await Task.WhenAll(lookups);
        Assert.Equal(20, NamesAsked());

        int NamesAsked() => server.Asked.Select(q => q.Name).Distinct().Count();
    }

    [Fact]
    public async Task Lookups_beyond_those_that_may_wait_are_refused_at_once()
    {
        var server = Serve((_, _) => null);
        var resolver = Resolver(server, s => s with { Timeout = TimeSpan.FromSeconds(60), MaxLookups = 2, MaxWaiting = 3 });
        var lookups = LookUp(resolver, 9);

        for (var i = 0; i < 4; i++)
        {
            var refused = await Task.WhenAny(lookups);
            Assert.Equal(Refusal.NameLookupBusy, (await refused).Refusal);
            lookups.Remove(refused);
        }

        Assert.All(lookups, lookup => Assert.False(lookup.IsCompleted));
        resolver.Dispose();
        Assert.All(await Task.WhenAll(lookups), result => Assert.Equal(Refusal.NameLookupTimedOut, result.Refusal));
    }

    [Fact]
    public async Task Places_are_given_back()
    {
        var server = Serve(OneIPv4Address);
        var resolver = Resolver(server, s => s with { MaxLookups = 1, MaxWaiting = 0 });
        for (var i = 0; i < 5; i++)
            Assert.Equal("198.51.100.1", await Resolve(resolver, $"h{i}.example.com"));
    }

    [Fact]
    public async Task Who_cancels_waits_no_longer()
    {
        var server = Serve((_, _) => null);
        var resolver = Resolver(server, s => s with { Timeout = TimeSpan.FromSeconds(60) });
        using var cancel = new CancellationTokenSource();
        var lookup = resolver.ResolveAsync(Name, cancel.Token);
        Assert.False(lookup.IsCompleted);

        await cancel.CancelAsync();
        Assert.Equal(Refusal.NameLookupTimedOut, (await lookup).Refusal);
    }

    [Fact]
    public async Task Equal_names_at_once_are_one_lookup()
    {
        using var release = new ManualResetEventSlim();
        var server = Serve((name, type) =>
        {
            release.Wait();
            return OneIPv4Address(name, type);
        });
        var resolver = Resolver(server, s => s with { Timeout = TimeSpan.FromSeconds(20) });
        string[] spellings = [Name, Name.ToUpperInvariant(), Name, Name];
        var lookups = spellings.Select(name => resolver.ResolveAsync(name, CancellationToken.None)).ToArray();
        release.Set();

        foreach (var result in await Task.WhenAll(lookups))
            Assert.Equal(IPAddress.Parse("198.51.100.1"), Assert.Single(result.Addresses));
        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task Without_a_cache_each_lookup_asks_once_and_sees_the_answer_of_that_moment()
    {
        var asked = 0;
        var server = Serve((name, type) => type == TestDnsAnswer.A
            ? TestDnsAnswer.Of(name, 600, ++asked % 2 == 1 ? "203.0.113.1" : "127.0.0.1")
            : TestDnsAnswer.Empty);
        var resolver = Resolver(server);
        for (var i = 1; i <= 10; i++)
        {
            Assert.Equal(i % 2 == 1 ? "203.0.113.1" : "127.0.0.1", await Resolve(resolver, Name));
            Assert.Equal(2 * i, server.Asked.Count);
        }
    }

    [Fact]
    public async Task With_a_cache_an_answer_holds_for_its_shortest_TTL()
    {
        var server = Serve((name, type) => type == TestDnsAnswer.A
            ? new TestDnsAnswer([(name, TestDnsAnswer.CName, 10, "a.test"), ("a.test", TestDnsAnswer.A, 300, "198.51.100.1")])
            : TestDnsAnswer.Of(name, 60, "2001:db8::1"));
        var resolver = Resolver(server, s => s with { Cache = true });
        await Resolve(resolver, Name);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("2001:db8::1 198.51.100.1", await Resolve(resolver, Name));
        Assert.Equal(2, server.Asked.Count);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await Resolve(resolver, Name);
        Assert.Equal(4, server.Asked.Count);
    }

    [Fact]
    public async Task With_a_cache_a_TTL_of_zero_and_a_failure_are_not_remembered()
    {
        var server = Serve((name, _) => name == Name ? TestDnsAnswer.Of(name, 0, "198.51.100.1") : TestDnsAnswer.NoSuchName);
        var resolver = Resolver(server, s => s with { Cache = true });
        await Resolve(resolver, Name);
        await Resolve(resolver, Name);
        await Resolve(resolver, "no.example");
        await Resolve(resolver, "no.example");
        Assert.Equal(8, server.Asked.Count);
    }

    [Fact]
    public async Task The_hosts_file_comes_before_the_servers()
    {
        var server = Serve((name, _) => TestDnsAnswer.Of(name, 60, "198.51.100.1"));
        var hosts = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(hosts, "10.0.0.7 db.internal\n");
        try
        {
            Assert.Equal("10.0.0.7", await Resolve(Resolver(server, s => s with { HostsFile = hosts }), "db.internal"));
            Assert.Empty(server.Asked);
        }
        finally
        {
            File.Delete(hosts);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.")]
    [InlineData("app.localhost")]
    [InlineData("a.b.localhost.")]
    public async Task Localhost_is_loopback_and_never_asked_of_a_server(string name)
    {
        var server = Serve((asked, _) => TestDnsAnswer.Of(asked, 60, "198.51.100.1"));
        Assert.Equal("::1 127.0.0.1", await Resolve(Resolver(server), name));
        Assert.Empty(server.Asked);
    }

    [Theory]
    [InlineData("notlocalhost")]
    [InlineData("localhost.example")]
    public async Task A_name_that_only_contains_localhost_is_asked_of_a_server(string name)
    {
        var server = Serve(OneIPv4Address);
        Assert.Equal("198.51.100.1", await Resolve(Resolver(server), name));
    }

    [Fact]
    public async Task The_search_list_is_tried_in_order_until_a_name_exists()
    {
        var server = Serve((name, type) => name switch
        {
            "db.shop.local" => TestDnsAnswer.NoSuchName,
            "db.local" when type == TestDnsAnswer.A => TestDnsAnswer.Of(name, 60, "10.1.1.1"),
            _ => TestDnsAnswer.Empty,
        });
        var conf = ResolvConf.Of([server.Endpoint]) with { Search = ["shop.local", "local", "example"], NDots = 2 };
        var resolver = Open(new NameResolver(Settings(server), () => conf, _clock));

        Assert.Equal("10.1.1.1", await Resolve(resolver, "db"));
        Assert.Equal(["db.shop.local", "db.local"], server.Asked.Select(q => q.Name).Distinct());
    }

    [Fact]
    public async Task A_name_with_a_dot_at_its_end_is_not_searched()
    {
        var server = Serve((_, _) => TestDnsAnswer.NoSuchName);
        var conf = ResolvConf.Of([server.Endpoint]) with { Search = ["local"], NDots = 9 };
        var resolver = Open(new NameResolver(Settings(server), () => conf, _clock));
        Assert.Equal(nameof(Refusal.NameNotResolved), await Resolve(resolver, "db.example."));
        Assert.Equal(["db.example"], server.Asked.Select(q => q.Name).Distinct());
    }

    [Fact]
    public async Task An_underscore_is_part_of_a_name()
    {
        var server = Serve((name, type) => name == "my_service._tcp.example" && type == TestDnsAnswer.A
            ? TestDnsAnswer.Of(name, 60, "198.51.100.1") : TestDnsAnswer.NoSuchName);
        Assert.Equal("198.51.100.1", await Resolve(Resolver(server), "my_service._tcp.example"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("127.0.0.1\0.example.com")]
    [InlineData("\"\"\"\".com")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com")]
    public async Task A_name_that_is_none_is_not_resolved_and_throws_nothing(string name)
    {
        var server = Serve((_, _) => TestDnsAnswer.NoSuchName);
        Assert.Equal(nameof(Refusal.NameNotResolved), await Resolve(Resolver(server), name));
    }

    [Fact]
    public async Task Nothing_is_resolved_after_disposal()
    {
        var server = Serve((name, _) => TestDnsAnswer.Of(name, 60, "198.51.100.1"));
        var resolver = Resolver(server);
        resolver.Dispose();
        Assert.Equal(nameof(Refusal.NameLookupTimedOut), await Resolve(resolver, Name));
    }

    private static TestDnsAnswer OneIPv4Address(string name, int type) =>
        type == TestDnsAnswer.A ? TestDnsAnswer.Of(name, 60, "198.51.100.1") : TestDnsAnswer.Empty;

    /// <summary>The addresses, or else the refusal.</summary>
    private static async Task<string> Resolve(NameResolver resolver, string name)
    {
        var resolved = await resolver.ResolveAsync(name, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(resolved.Refusal == Refusal.None, !resolved.Addresses.IsEmpty);
        return resolved.Refusal == Refusal.None ? string.Join(' ', resolved.Addresses) : resolved.Refusal.ToString();
    }

    private static List<Task<ResolvedName>> LookUp(NameResolver resolver, int names) =>
        [.. Enumerable.Range(0, names).Select(i => resolver.ResolveAsync($"h{i}.example.com", CancellationToken.None))];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static DnsSettings Settings(TestDnsServer server) => new()
    {
        Servers = [server.Endpoint],
        HostsFile = "",
        Timeout = TimeSpan.FromSeconds(4),
        MaxLookups = 10,
        MaxWaiting = 10,
        Cache = false,
        CacheMaxEntries = 100,
    };

    private NameResolver Resolver(TestDnsServer server, Func<DnsSettings, DnsSettings>? change = null)
    {
        var settings = change is null ? Settings(server) : change(Settings(server));
        var conf = ResolvConf.Of(settings.Servers);
        return Open(new NameResolver(settings, () => conf, _clock));
    }

    private TestDnsServer Serve(Func<string, int, TestDnsAnswer?> zone) => Open(new TestDnsServer(zone));

    private T Open<T>(T one)
        where T : IDisposable
    {
        _open.Add(one);
        return one;
    }
}
