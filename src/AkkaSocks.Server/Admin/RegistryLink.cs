using Akka.Actor;
using Akka.Event;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Server.Admin;

/// <summary>What the API asks the actors of this node, which answer for the whole cluster, within a deadline.</summary>
/// <remarks>All but what takes no question throw <see cref="AskTimeoutException"/> when the answer does not come.</remarks>
/// <param name="system">The node's actors.</param>
/// <param name="users">The node's users; asked for when needed, since the API is put together before the node starts.</param>
internal sealed class RegistryLink(ActorSystem system, Func<UserDirectory> users)
{
    // A node that does not answer a message to itself within this is not well.
    private static readonly TimeSpan AliveWithin = TimeSpan.FromSeconds(2);

    // The registry itself waits less for the other nodes; a disk may take its time.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private readonly ActorSelection _registry = system.ActorSelection("/user/auth");
    private readonly ActorSelection _store = system.ActorSelection("/user/users");

    /// <summary>The node's health; null until it has started.</summary>
    public Func<NodeHealth?> Health { get; init; } = static () => null;

    /// <summary>The users of this node, which has them all.</summary>
    public UserDirectory Users => users();

    /// <summary>Whether the registry answers at all.</summary>
    public async Task<bool> IsAliveAsync()
    {
        try
        {
            return (await _registry.Ask<ActorIdentity>(new Identify(null), AliveWithin)).Subject is not null;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    /// <summary>Writes a user; null, or why it was not written.</summary>
    public async Task<string?> SaveAsync(UserRecord user) =>
        Reason(await _store.Ask<object>(new UserStoreActor.PutUser(user), AnswerWithin));

    /// <summary>Removes a user; null, or why it was not removed.</summary>
    public async Task<string?> RemoveAsync(UserName user) =>
        Reason(await _store.Ask<object>(new UserStoreActor.RemoveUser(user), AnswerWithin));

    /// <summary>Sessions that a user has now, in the whole cluster.</summary>
    public async Task<int> SessionsOfAsync(UserName user) =>
        (await _registry.Ask<AuthRegistry.SessionCount>(new AuthRegistry.GetSessionCounts(user), AnswerWithin)).Sessions;

    /// <summary>The users with most sessions in the whole cluster.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> BusiestUsersAsync(int count) =>
        (await _registry.Ask<AuthRegistry.BusiestUsers>(new AuthRegistry.GetBusiestUsers(count), AnswerWithin)).Items;

    /// <summary>Sessions of the whole cluster.</summary>
    public Task<AuthRegistry.SessionPage> SessionsAsync(AuthRegistry.GetSessions question) =>
        _registry.Ask<AuthRegistry.SessionPage>(question, AnswerWithin);

    /// <summary>Ends a session wherever it is; false when there is none of that id.</summary>
    public async Task<bool> EndSessionAsync(SessionId session)
    {
        var question = new AuthRegistry.TerminateSessions(session, TerminationReason.Operator);
        return (await _registry.Ask<AuthRegistry.SessionsTerminated>(question, AnswerWithin)).Count > 0;
    }

    /// <summary>Ends sessions wherever they are.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EndSessionsAsync(SessionSelection which)
    {
        var question = new AuthRegistry.TerminateSessions(which, TerminationReason.Operator);
        return (await _registry.Ask<AuthRegistry.SessionsTerminated>(question, AnswerWithin)).Count;
    }

    /// <summary>All bans, and those that were lifted lately, the oldest first.</summary>
    public async Task<IReadOnlyList<BanNotice>> BansAsync() =>
        (await _registry.Ask<AuthRegistry.Bans>(new AuthRegistry.GetBans(), AnswerWithin)).Items;

    /// <summary>Bans somebody in the whole cluster.</summary>
    public async Task<BanNotice> BanAsync(BanTarget target, TimeSpan? duration, string? reason) =>
        (await _registry.Ask<AuthRegistry.BanImposed>(new AuthRegistry.ImposeBan(target, duration, reason), AnswerWithin)).Ban;

    /// <summary>Lifts a ban in the whole cluster; false when there is none of that id.</summary>
    public async Task<bool> LiftBanAsync(BanVersion ban) =>
        (await _registry.Ask<AuthRegistry.BanLifted>(new AuthRegistry.LiftBan(ban), AnswerWithin)).WasThere;

    /// <summary>The nodes of the cluster, this one among them.</summary>
    public async Task<IReadOnlyList<AuthRegistry.NodeStatus>> NodesAsync() =>
        (await _registry.Ask<AuthRegistry.Nodes>(new AuthRegistry.GetNodes(), AnswerWithin)).Items;

    /// <summary>Sessions of the whole cluster that were refused lately.</summary>
    public Task<AuthRegistry.Refusals> RefusalsAsync(RefusalFilter which, int count) =>
        _registry.Ask<AuthRegistry.Refusals>(new AuthRegistry.GetRefusals(which, count), AnswerWithin);

    /// <summary>Exchanges of the whole cluster.</summary>
    public Task<AuthRegistry.ExchangePage> ExchangesAsync(AuthRegistry.GetExchanges question) =>
        _registry.Ask<AuthRegistry.ExchangePage>(question, AnswerWithin);

    /// <summary>An exchange with all that its node remembers of it, put together from as many answers as it takes.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="id">Its place among all of the node.</param>
    public async Task<FoundExchange> ExchangeAsync(string node, long id)
    {
        var bytes = new MemoryStream();
        while (true)
        {
            var answer = await _registry.Ask<AuthRegistry.ExchangeAnswer>(
                new AuthRegistry.GetExchange(node, id, (int)bytes.Length), AnswerWithin);
            if (answer is not { Node: not null, Part: { } part })
                return new FoundExchange(null, IsOfANode: answer.Node is not null, IsSilent: answer.Node is not null);
            bytes.Write(part.Bytes.Span);
            if (part.Bytes.IsEmpty || bytes.Length > part.Total)
                return new FoundExchange(null);
            if (bytes.Length == part.Total)
                return new FoundExchange(ExchangeBytes.Read(bytes.GetBuffer().AsSpan(0, part.Total)));
        }
    }

    /// <summary>The actors of a node, this one when none is named.</summary>
    public Task<AuthRegistry.Actors> ActorsAsync(string? node, int depth, int top) =>
        _registry.Ask<AuthRegistry.Actors>(new AuthRegistry.GetActors(node, depth, top), AnswerWithin);

    /// <summary>The last lines of process logs.</summary>
    public Task<AuthRegistry.LogPage> LogAsync(AuthRegistry.GetLog question) =>
        _registry.Ask<AuthRegistry.LogPage>(question, AnswerWithin);

    /// <summary>What each node did in the last minutes.</summary>
    public Task<AuthRegistry.History> HistoryAsync() =>
        _registry.Ask<AuthRegistry.History>(new AuthRegistry.GetHistory(), AnswerWithin);

    /// <summary>Lets a node drain, this one when none is named: its name, or null when there is no such node.</summary>
    public async Task<string?> DrainAsync(string? node) =>
        (await _registry.Ask<AuthRegistry.Draining>(new AuthRegistry.Drain(node), AnswerWithin)).Node;

    /// <summary>Makes an actor a reader of what happens in the whole cluster, until what is returned is disposed of.</summary>
    public IDisposable Listening(Props reader) => Listening(EventFeed.Name, new EventFeed.Listen(), reader);

    /// <summary>Makes an actor a reader of exchanges that end in the whole cluster, until what is returned is disposed of.</summary>
    public IDisposable ListeningToExchanges(ExchangeFilter filter, Props reader) =>
        Listening(ExchangeFeed.Name, new ExchangeFeed.Listen(filter), reader);

    /// <summary>Makes an actor a reader of all process logs of the cluster, until what is returned is disposed of.</summary>
    public IDisposable ListeningToLog(LogLevel level, Props reader) => Listening(LogFeed.Name, new LogFeed.Listen(level), reader);

    private Reading Listening(string feed, object question, Props reader)
    {
        var actor = system.ActorOf(reader);
        system.ActorSelection($"/user/{feed}").Tell(question, actor);
        return new Reading(system, actor);
    }

    private static string? Reason(object answer) => answer is UserStoreActor.UserNotSaved not ? not.Reason : null;

    private sealed class Reading(ActorSystem system, IActorRef reader) : IDisposable
    {
        public void Dispose() => system.Stop(reader);
    }
}
