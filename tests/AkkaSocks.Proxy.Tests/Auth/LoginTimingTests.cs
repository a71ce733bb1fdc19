using System.Diagnostics;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

/// <summary>Whether the time of a refusal tells a user that exists from one that does not.</summary>
[Collection(Alone.Name)]
public sealed class LoginTimingTests
{
    [Fact]
    public void An_unknown_user_takes_as_long_as_a_wrong_password()
    {
        var (known, unknown) = Measure(samples: 300, new PasswordCost(PasswordAlgorithm.Argon2id, MemoryKiB: 1024, Iterations: 1));

        // The fastest tell: what the machine does beside only adds time.
        Assert.InRange(Quantile(known, 0.1) / Quantile(unknown, 0.1), 0.95, 1.05);
    }

    /// <summary>With hashes as they are made for users, and by Welch's test as dudect has it: beyond 4.5 they differ.</summary>
    [LongFact, Trait("Set", "Long")]
    public void Two_thousand_unknown_users_cannot_be_told_from_two_thousand_wrong_passwords()
    {
        var (known, unknown) = Measure(samples: 2_000, PasswordCost.ForNewHashes);
        Assert.InRange(Quantile(known, 0.5) / Quantile(unknown, 0.5), 0.95, 1.05);

        // What the machine does beside has long tails, and says nothing.
        var limit = Quantile([.. known, .. unknown], 0.9);
        Assert.InRange(Welch([.. known.Where(it => it < limit)], [.. unknown.Where(it => it < limit)]), -4.5, 4.5);
    }

    // Taken in turns, so that whatever else the machine does happens to both.
    private static (double[] Known, double[] Unknown) Measure(int samples, PasswordCost cost)
    {
        var hash = new byte[32];
        cost.Derive("s3cret"u8, "0123456789abcdef"u8, hash);
        var settings = TestLogin.Settings(PhcString.Write(new PasswordHash(cost, "0123456789abcdef"u8.ToArray(), hash)));
        var authenticator = new Authenticator(settings, new UserDirectory(FixedUsers.Of(settings)), TimeProvider.System);
        var times = new List<double>[] { [], [] };
        for (var i = -20; i < 2 * samples; i++)
        {
            var which = Random.Shared.Next(2);
            if (times[which].Count == samples)
                which = 1 - which;
            var time = TimeOf(authenticator, which == 0 ? "alice" : $"nobody-{i}", $"wrong-{i}");
            if (i >= 0)
                times[which].Add(time);
        }

        return ([.. times[0]], [.. times[1]]);
    }

    private static double TimeOf(Authenticator authenticator, string name, string password)
    {
        using var credentials = TestLogin.Of(name, password);
        var since = Stopwatch.GetTimestamp();
        var claim = authenticator.ClaimOf(credentials);
        var refusal = authenticator.Knows(claim) || claim.Password.Matches(credentials.Password)
            ? authenticator.Confirm(claim)
            : Refusal.BadCredentials;
        var time = Stopwatch.GetElapsedTime(since).TotalMicroseconds;
        Assert.Equal(Refusal.BadCredentials, refusal);
        return time;
    }

    private static double Quantile(double[] values, double share) => values.Order().ElementAt((int)(values.Length * share));

    private static double Welch(double[] a, double[] b)
    {
        return (a.Average() - b.Average()) / Math.Sqrt((Variance(a) / a.Length) + (Variance(b) / b.Length));

        static double Variance(double[] values)
        {
            var mean = values.Average();
            return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        }
    }
}
