using System.Net;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Interception;

/// <summary>What is learned holds for whom it is about, and not for ever.</summary>
public sealed class PassThroughMemoryTests
{
    private const string Name = "pinned.test";
    private static readonly Learner Alice = Learner.Of(UserName.FromText("alice"), IPAddress.Loopback);
    private static readonly Learner Somebody = Learner.Of(null, IPAddress.Loopback);
    private static readonly PinningSettings Settings =
        new() { Learn = true, Ttl = TimeSpan.FromHours(1), SilentFailures = 2, MaxEntries = 4 };

    private readonly Clock _clock = new();

    [Fact]
    public void A_refusal_is_remembered_for_that_client_and_that_name_and_forgotten_in_time()
    {
        var memory = new PassThroughMemory(Settings, _clock);
        memory.Learn(Alice, Name, InterceptOutcome.ClientRefused);

        Assert.Equal(InterceptOutcome.Pinned, memory.Find(Alice, Name)?.Reason);
        Assert.Null(memory.Find(Somebody, Name));
        Assert.Null(memory.Find(Alice, "other.test"));
        Assert.Equal(Alice, Assert.Single(memory.All).Who);
        _clock.Now += TimeSpan.FromMinutes(61);
        Assert.Null(memory.Find(Alice, Name));
        Assert.Empty(memory.All);
    }

    [Fact]
    public void An_origin_that_wants_a_certificate_wants_it_of_everybody()
    {
        var memory = new PassThroughMemory(Settings, _clock);
        memory.Learn(Alice, Name, InterceptOutcome.ClientCertificate);

        Assert.Equal(InterceptOutcome.ClientCertificate, memory.Find(Somebody, Name)?.Reason);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(90, false)]
    public void Silence_says_as_much_as_a_refusal_when_it_is_repeated_soon(int secondsBetween, bool isLearned)
    {
        var memory = new PassThroughMemory(Settings, _clock);
        memory.Learn(Alice, Name, InterceptOutcome.ClientSilent);
        Assert.Null(memory.Find(Alice, Name));
        _clock.Now += TimeSpan.FromSeconds(secondsBetween);
        memory.Learn(Alice, Name, InterceptOutcome.ClientSilent);

        Assert.Equal(isLearned, memory.Find(Alice, Name) is not null);
    }

    [Theory]
    [InlineData(nameof(InterceptOutcome.ClientTlsFailed))]
    [InlineData(nameof(InterceptOutcome.OriginTlsFailed))]
    [InlineData(nameof(InterceptOutcome.Https))]
    public void Nothing_else_is_learned_from(string outcome)
    {
        var memory = new PassThroughMemory(Settings, _clock);
        for (var i = 0; i < 10; i++)
            memory.Learn(Alice, Name, Enum.Parse<InterceptOutcome>(outcome));

        Assert.Null(memory.Find(Alice, Name));
    }

    [Fact]
    public void Clients_that_make_names_up_push_out_the_oldest()
    {
        var memory = new PassThroughMemory(Settings, _clock);
        for (var i = 0; i < 10; i++)
            memory.Learn(Alice, $"{i}.test", InterceptOutcome.ClientRefused);

        Assert.Equal((4, true, false), (memory.All.Length, memory.Find(Alice, "9.test") is not null, memory.Find(Alice, "5.test") is not null));
    }

    [Fact]
    public void Off_it_learns_nothing()
    {
        var memory = new PassThroughMemory(Settings with { Learn = false }, _clock);
        memory.Learn(Alice, Name, InterceptOutcome.ClientRefused);

        Assert.Null(memory.Find(Alice, Name));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
