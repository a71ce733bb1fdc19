using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users.Storing;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>
/// The actor at <c>/user/users</c>: every change of a stored user goes through it, whether somebody asked this node for it or
/// another node tells of it. What is asked for is written down first, then seen in the <see cref="UserDirectory"/>, told to the
/// other nodes and answered; what others tell is seen at once and written down behind.
/// </summary>
/// <remarks>
/// <code>
/// PutUser, RemoveUser ─► UserWriter ─► Written ─► directory ─► UserChanged to all others, UserSaved to who asked
/// UserChanged ─► directory ─► UserWriter                                    a change, in milliseconds
/// UserDigests ─► the same? ─ no ─► BucketRequest ─► BucketPage … ─► directory ─► UserWriter     what was missed
/// </code>
/// Digests go to a random node every 5 s and to a new one at once. Whoever finds that they differ from its own fetches the
/// buckets, and answers with its own so that the other can do the same. A broadcast that is lost is no loss therefore.
/// </remarks>
internal sealed class UserStoreActor : MeasuredActor, IWithTimers
{
    private static readonly TimeSpan ComparesEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepsTombstones = TimeSpan.FromDays(30);

    private readonly HashSet<UserName> _unsaved = [];
    private readonly HybridClock _revisions = new();
    private readonly CatchUp _catchUp = new();
    private readonly UserStore _store;
    private readonly string _node;
    private readonly TimeProvider _clock;
    private readonly StoreHealth _health = new(Context.GetLogger());
    private readonly OtherNodes? _others;
    private long _keptSince;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public UserStoreActor(UserStore store, string node, TimeProvider clock)
    {
        (_store, _node, _clock) = (store, node, clock);
        _others = store.IsReplicated ? OtherNodes.Of(Context) : null;
        foreach (var user in Enumerable.Range(0, UserKey.Buckets).SelectMany(bucket => Users.Bucket(bucket).Records))
            _revisions.Observe(Now, user.Revision);
    }

    /// <summary>Stores a user, new or in place of the one of that name. Revision and writer are this actor's to give.</summary>
    internal sealed record PutUser(UserRecord User);

    /// <summary>Removes a user.</summary>
    internal sealed record RemoveUser(UserName Name);

    /// <summary>The answer when it is done: the record as all nodes will have it; a tombstone when it was removed.</summary>
    internal sealed record UserSaved(UserRecord User);

    /// <summary>The answer when nothing was changed, with why, for whoever asked.</summary>
    internal sealed record UserNotSaved(string Reason);

    /// <summary>To all nodes: a user is like this now.</summary>
    internal sealed record UserChanged(UserRecord User) : IClusterMessage;

    /// <summary>To one node: what the sender has, bucket by bucket.</summary>
    /// <param name="Buckets">The digest of each bucket.</param>
    /// <param name="IsAnswer">Sent because digests came, and not to be answered.</param>
    internal sealed record UserDigests(ImmutableArray<ulong> Buckets, bool IsAnswer) : IClusterMessage;

    /// <summary>Asks a node for a page of a bucket.</summary>
    /// <param name="Bucket">Its index.</param>
    /// <param name="After">The last name of the page before; null for the first.</param>
    internal sealed record BucketRequest(int Bucket, UserName? After) : IClusterMessage;

    /// <summary>The answer to <see cref="BucketRequest"/>.</summary>
    internal sealed record BucketPage(int Bucket, ImmutableArray<UserRecord> Users, bool IsLast) : IClusterMessage;

    private sealed record Written(UserWriter.Outcome Outcome, IActorRef Asker);

    private sealed record Followed(ImmutableArray<UserRecord> Users, UserWriter.Outcome Outcome);

    private sealed class Compare
    {
        public static readonly Compare Instance = new();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private UserDirectory Users => _store.Directory;

    private DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Props for the actor of a node.</summary>
    /// <param name="store">The node's users; disposed of by who made it, after this actor has stopped.</param>
    /// <param name="node">What the node is called; breaks ties between nodes.</param>
    /// <param name="clock">What time it is.</param>
    public static Props Props(UserStore store, string node, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new UserStoreActor(store, node, clock));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        ForgetOldTombstones();
        Timers.StartPeriodicTimer(nameof(Compare), Compare.Instance, ComparesEvery);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _others?.Leave();

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PutUser put:
                Store(put.User with { Deleted = false });
                break;
            case RemoveUser remove when Users.Find(remove.Name) is null:
                Sender.Tell(new UserNotSaved("there is no such user"));
                break;
            case RemoveUser remove:
                Store(UserRecord.Tombstone(remove.Name));
                break;
            case Written written:
                Publish(written);
                break;
            case Followed followed:
                Check(followed);
                break;
            case UserChanged changed:
                Take([changed.User]);
                break;
            case UserDigests digests:
                Answer(digests);
                break;
            case BucketRequest request:
                Sender.Tell(UserPages.Of(Users, request), Self);
                break;
            case BucketPage page:
                Take(page.Users);
                FetchOn(page);
                break;
            case Compare:
                ForgetOldTombstones();
                SaveUnsaved();
                _health.Follows(_store.Stale);
                _others?.Any()?.Tell(new UserDigests(Users.Digests, IsAnswer: false), Self);
                break;
            case ClusterEvent.IClusterDomainEvent happened:
                _others?.Follow(happened)?.Tell(new UserDigests(Users.Digests, IsAnswer: false), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Store(UserRecord wanted)
    {
        var user = wanted with { Revision = _revisions.Next(Now, Users.FindStored(wanted.Name)?.Revision ?? 0), Writer = _node };
        var (self, asker) = (Self, Sender);
        var problem =
            _store.Writer is null ? "auth.store.kind is none: this node has the users of its configuration and no others"
            : Users.IsFixed(user.Name) ? "the user is set in auth.users, and only there it can be changed"
            : UserLimits.Problem(user) is { } wrong ? wrong
            : !_store.Writer.TryWrite([user], outcome => self.Tell(new Written(outcome, asker)))
                ? "too many changes are waiting; try again"
            : null;
        if (problem is not null)
            asker.Tell(new UserNotSaved(problem));
    }

    private void Publish(Written written)
    {
        _health.Wrote(written.Outcome.Problem);
        if (written.Outcome.Problem is { } problem)
        {
            written.Asker.Tell(new UserNotSaved(problem));
            return;
        }

        var user = written.Outcome.Stored[0];
        Users.Merge([user]);
        _others?.Tell(new UserChanged(user));
        written.Asker.Tell(new UserSaved(user));
    }

    private void Take(ImmutableArray<UserRecord> users)
    {
        if (_others is null)
            return;
        var taken = Users.Merge(users.Where(user => !IsForgotten(user)));
        foreach (var user in taken)
            _revisions.Observe(Now, user.Revision);
        Follow(taken);
    }

    private void Follow(ImmutableArray<UserRecord> users)
    {
        var self = Self;
        if (!users.IsEmpty && !_store.Writer!.TryWrite(users, outcome => self.Tell(new Followed(users, outcome))))
            _unsaved.UnionWith(users.Select(user => user.Name));
    }

    private void Check(Followed followed)
    {
        _health.Wrote(followed.Outcome.Problem);
        if (followed.Outcome.Problem is not null)
            _unsaved.UnionWith(followed.Users.Select(user => user.Name));
    }

    private void SaveUnsaved()
    {
        if (_unsaved.Count == 0)
            return;
        var users = _unsaved.Select(Users.FindStored).OfType<UserRecord>().ToImmutableArray();
        _unsaved.Clear();
        Follow(users);
    }

    private void Answer(UserDigests theirs)
    {
        if (_others is null)
            return;
        var mine = Users.Digests;
        if (!theirs.IsAnswer && !mine.AsSpan().SequenceEqual(theirs.Buckets.AsSpan()))
            Sender.Tell(new UserDigests(mine, IsAnswer: true), Self);
        foreach (var bucket in _catchUp.Begin(mine, theirs.Buckets, Now))
            Sender.Tell(new BucketRequest(bucket, null), Self);
    }

    private void FetchOn(BucketPage page)
    {
        if (!page.IsLast && !page.Users.IsEmpty)
        {
            if (_catchUp.Continue(page.Bucket, Now))
                Sender.Tell(new BucketRequest(page.Bucket, page.Users[^1].Name), Self);
            return;
        }

        foreach (var bucket in _catchUp.Complete(page.Bucket, Now))
            Sender.Tell(new BucketRequest(bucket, null), Self);
    }

    // By the day, so that nodes forget at the same time: a tombstone that only some have would be fetched again and again.
    private void ForgetOldTombstones()
    {
        var keptSince = HybridClock.At(new DateTimeOffset((Now - KeepsTombstones).UtcDateTime.Date, TimeSpan.Zero));
        if (keptSince == _keptSince)
            return;
        _keptSince = keptSince;
        Users.Purge(keptSince);
        var self = Self;
        _store.Writer?.TryPurge(keptSince, outcome => self.Tell(new Followed([], outcome)));
    }

    private bool IsForgotten(UserRecord user) =>
        user.Deleted && user.Revision < _keptSince && Users.FindStored(user.Name) is null;
}
