using Akka.Actor;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.EndToEnd.Tests.Admin;

/// <summary>Answers at <c>/user/auth</c>.</summary>
internal sealed class FakeRegistry(FakeCluster cluster) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (!cluster.IsSilent)
            Sender.Tell(AnswerTo(message));
    }

    private object AnswerTo(object message) => message switch
    {
        AuthRegistry.GetNodes => new AuthRegistry.Nodes([.. cluster.Nodes]),
        AuthRegistry.GetSessionCounts counts =>
            new AuthRegistry.SessionCount(cluster.Sessions.Values.Count(it => it.User == counts.User)),
        AuthRegistry.GetSessions wanted => Page(wanted),
        AuthRegistry.GetBusiestUsers wanted => new AuthRegistry.BusiestUsers(
        [
            .. cluster.Sessions.Values.Where(it => it.User is not null).GroupBy(it => it.User!.Value)
                .Select(user => new LedgerEntry(user.Key, user.Count()))
                .OrderByDescending(entry => entry.Sessions)
                .Take(wanted.Count),
        ]),
        AuthRegistry.GetRefusals wanted => new AuthRegistry.Refusals(
            [
                .. cluster.Refusals.Where(it =>
                    (wanted.Which.Id is not { } id || it.Id == id)
                    && (wanted.Which.Reason is not { } reason || it.Reason == reason)
                    && (wanted.Which.User is not { } user || it.User == user)).Take(wanted.Count),
            ],
            cluster.Silent),
        AuthRegistry.GetActors wanted =>
            wanted.Node is null || cluster.Nodes.Exists(it => it.Name == wanted.Node)
                ? new AuthRegistry.Actors(wanted.Node ?? "n1", cluster.Actors)
                : new AuthRegistry.Actors(null, null),
        AuthRegistry.GetExchanges wanted => new AuthRegistry.ExchangePage(
            cluster.Exchanges is { } ring && wanted.Node is null or "n1"
                ? ExchangeList.Of(ring, "n1", wanted.Filter, wanted.After, wanted.Count)
                : ExchangeList.Empty,
            IsCaptured: cluster.Exchanges is not null,
            cluster.Silent)
        {
            IsOfANode = wanted.Node is null || cluster.Nodes.Exists(it => it.Name == wanted.Node),
        },
        AuthRegistry.GetExchange wanted => new AuthRegistry.ExchangeAnswer(
            wanted.Node, new ExchangeParts(() => cluster.Exchanges).Of(wanted.Id, wanted.From, ExchangeParts.MostBytes)),
        AuthRegistry.GetLog wanted => new AuthRegistry.LogPage(
            [
                .. cluster.Log.Where(it => (wanted.Node is null || it.Node == wanted.Node) && it.Line.Level >= wanted.Level)
                    .TakeLast(wanted.Count),
            ],
            cluster.Silent)
        {
            IsOfANode = wanted.Node is null || cluster.Nodes.Exists(it => it.Name == wanted.Node),
        },
        AuthRegistry.GetHistory => new AuthRegistry.History(cluster.History),
        AuthRegistry.TerminateSessions ended => new AuthRegistry.SessionsTerminated(End(ended.Which)),
        AuthRegistry.GetBans => new AuthRegistry.Bans(cluster.Guard.Bans()),
        AuthRegistry.ImposeBan ban => new AuthRegistry.BanImposed(cluster.Guard.Impose(ban.Target, ban.Duration, ban.Reason)),
        AuthRegistry.LiftBan ban => new AuthRegistry.BanLifted(cluster.Guard.Lift(ban.Ban)),
        AuthRegistry.Drain drain => new AuthRegistry.Draining(Drain(drain.Node)),
        _ => throw new InvalidOperationException($"Nobody asks {message}."),
    };

    private AuthRegistry.SessionPage Page(AuthRegistry.GetSessions wanted)
    {
        if (cluster.Live.Count > 0)
            return SessionListing.Merge([SessionListing.PageOf(cluster.Live, "n1", wanted, Environment.TickCount64)], wanted.Order, wanted.Count, []);
        cluster.LastQuestion = wanted;
        var found = cluster.Sessions.Values.Where(it =>
            (wanted.Filter.User is not { } user || it.User == user)
            && (wanted.Filter.Client is not { } client || it.Client.Address.Equals(client))
            && (wanted.Filter.Node is not { } node || it.Node == node)).OrderBy(wanted.Order.PlaceOf, wanted.Order).ToList();
        var behind = found.Where(it => wanted.After is not { } after || wanted.Order.Compare(wanted.Order.PlaceOf(it), after) > 0).ToList();
        return new AuthRegistry.SessionPage([.. behind.Take(wanted.Count)], behind.Count > wanted.Count, found.Count, [.. cluster.Silent]);
    }

    private int End(SessionSelection which)
    {
        var had = cluster.Sessions.Count;
        cluster.Sessions = cluster.Sessions.RemoveRange(cluster.Sessions.Values.Where(it =>
            which.Id == it.Id || which.User is { } user && it.User == user || it.Client.Address.Equals(which.Client)).Select(it => it.Id.Value));
        return had - cluster.Sessions.Count;
    }

    private string? Drain(string? name)
    {
        var node = cluster.Nodes.Find(it => name is null ? it.IsSelf : it.Name == name);
        if (node is not null)
            cluster.Nodes = cluster.Nodes.Replace(node, node with { IsDraining = true });
        return node?.Name;
    }
}
