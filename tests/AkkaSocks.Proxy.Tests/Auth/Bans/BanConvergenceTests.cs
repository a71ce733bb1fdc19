using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Outcomes;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Bans;

/// <summary>Whatever the network does to the messages: lost, doubled, late, in any order, between nodes whose clocks differ.</summary>
public sealed class BanConvergenceTests
{
    private static readonly Gen<(int, int, int)[]> Steps = Gen.Select(Gen.Int[0, 13], Gen.Int[0, 999], Gen.Int[0, 9999]).Array[0, 150];

    [Fact]
    public void Once_quiet_all_nodes_hold_the_same_bans() => Steps.Sample(
        steps =>
        {
            var network = Run(steps);
            network.BeQuiet();
            var digests = network.Guards.Select(guard => guard.Digest()).Distinct().ToList();
            var refused = network.Guards.Select(Verdicts).Distinct().ToList();
            return digests.Count == 1 && refused.Count == 1;
        },
        iter: 3_000);

    [Fact]
    public void No_failure_counts_twice_so_nobody_is_banned_for_fewer_than_the_limit() => Steps.Sample(
        steps =>
        {
            var network = Run(steps);
            network.BeQuiet();
            if (network.OperatorActed)
                return true;
            return network.Guards.SelectMany(guard => guard.Bans()).Where(ban => !ban.IsLifted).All(ban =>
                network.Failures.Where(it => (ban.Target.User ?? it.Key.User) == it.Key.User
                        && (ban.Target.Network ?? it.Key.Network) == it.Key.Network)
                    .Sum(it => it.Value) >= LimitOf(ban.Target));
        },
        iter: 3_000);

    private static GuardNetwork Run((int, int, int)[] steps)
    {
        var network = new GuardNetwork();
        foreach (var (action, a, b) in steps)
            network.Step(action, a, b);
        return network;
    }

    private static int LimitOf(BanTarget target) => target switch
    {
        { User: not null, Network: not null } => GuardNetwork.Settings.FailuresPerUserAtAddress!.Value,
        { User: not null } => GuardNetwork.Settings.FailuresPerUser!.Value,
        _ => GuardNetwork.Settings.FailuresPerAddress!.Value,
    };

    private static string Verdicts(LoginGuard guard) => string.Concat(
        from user in Enumerable.Range(0, 3)
        from host in Enumerable.Range(0, 3)
        select guard.Objection(GuardNetwork.Login(user, host)) switch { Refusal.None => '.', Refusal.AddressBanned => 'A', _ => 'U' });
}
