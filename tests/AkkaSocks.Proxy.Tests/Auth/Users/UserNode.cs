using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Storing;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

/// <summary>What a node is of which only the users matter: an actor system in a cluster, its users and their actor.</summary>
internal sealed class UserNode : IAsyncDisposable
{
    private readonly CuttableLink _link;
    private readonly UserStore _store;
    private readonly IActorRef _actor;

    private UserNode(ActorSystem system, CuttableLink link, UserStore store, IActorRef actor) =>
        (System, _link, _store, _actor) = (system, link, store, actor);

    public ActorSystem System { get; }

    public CuttableLink Link => _link;

    public UserDirectory Users => _store.Directory;

    /// <summary>Starts a node and waits until it is a member, of a cluster of its own or that of another node.</summary>
    public static async Task<UserNode> StartAsync(string name, string directory, UserNode? other = null)
    {
        var link = new CuttableLink();
        var system = ActorSystem.Create("users", ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              log-dead-letters = off
              actor {
                provider = cluster
                serializers { users = "{{typeof(ClusterMessageSerializer).AssemblyQualifiedName}}" }
                serialization-bindings { "AkkaSocks.Proxy.Auth.IClusterMessage, AkkaSocks.Proxy" = users }
              }
              remote {
                retry-gate-closed-for = 200ms
                dot-netty.tcp {
                  connection-timeout = 2s
                  hostname = 127.0.0.2, port = {{link.Port}}
                  public-hostname = 127.0.0.1, public-port = {{link.Port}}
                }
              }
              cluster {
                downing-provider-class = ""
                gossip-interval = 200ms
                leader-actions-interval = 200ms
                unreachable-nodes-reaper-interval = 200ms
                failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 1500ms }
              }
              coordinated-shutdown { run-by-clr-shutdown-hook = off, exit-clr = off }
            }
            """));
        var settings = TestSettings.Default with
        {
            NodeName = name, DataDirectory = directory,
            Auth = TestSettings.Default.Auth with
            {
                Store = TestSettings.Default.Auth.Store with { Kind = UserStoreKind.Embedded, Queue = 4096 },
            },
        };
        var store = UserStore.Open(settings);
        var actor = system.ActorOf(UserStoreActor.Props(store, name, TimeProvider.System), "users");
        var cluster = Cluster.Get(system);
        await cluster.JoinAsync(other is null ? cluster.SelfAddress : Cluster.Get(other.System).SelfAddress).InTime();
        return new UserNode(system, link, store, actor);
    }

    public Task<object> PutAsync(UserRecord user) => _actor.Ask(new UserStoreActor.PutUser(user)).InTime();

    public Task<object> RemoveAsync(string name) => _actor.Ask(new UserStoreActor.RemoveUser(UserName.FromText(name))).InTime();

    public bool HasSameUsersAs(UserNode other) => Users.Digests.AsSpan().SequenceEqual(other.Users.Digests.AsSpan());

    /// <summary>Whether it can reach all members, or else none of the others.</summary>
    public bool SeesOthers(bool reachable) => Cluster.Get(System).State is var state
        && state.Members.Count > 1 && state.Unreachable.Count == (reachable ? 0 : state.Members.Count - 1);

    public async ValueTask DisposeAsync()
    {
        if (System.WhenTerminated.IsCompleted)
            return;
        await _actor.GracefulStop(TimeSpan.FromSeconds(5));
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance).InTime();
        _store.Dispose();
        _link.Dispose();
    }
}
