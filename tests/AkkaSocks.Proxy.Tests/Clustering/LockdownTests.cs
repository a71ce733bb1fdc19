using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

/// <summary>What crosses between nodes is what stands in our list, and nothing else.</summary>
public sealed class LockdownTests
{
    // An Akka node as it is without us: it writes anything, as JSON that names the type to make.
    private const string Open = "akka { actor.provider = remote, loggers = [], remote.dot-netty.tcp { hostname = \"127.0.0.1\", port = 0 } }";

    public sealed record Smuggled(string Text);

    [Fact]
    public async Task An_object_of_any_type_written_as_JSON_is_dropped_and_what_follows_is_answered()
    {
        await using var node = await TestNode.StartAsync(TestCluster.Settings(TestCluster.User("alice")), "akka.loggers = []");
        using var open = ActorSystem.Create("stranger", ConfigurationFactory.ParseString(Open));
        var registry = open.ActorSelection($"{Cluster.Get(node.System).SelfAddress}/user/{AuthRegistry.Name}");

        registry.Tell(new Smuggled("x"));
        Assert.Equal(1, (await registry.Ask<ActorIdentity>(new Identify(1), TimeSpan.FromSeconds(10))).MessageId);
        await Eventually.TrueAsync(() => node.Warnings.Any(it => it.Contains("JSON is not read", StringComparison.Ordinal)), "the refusal");
    }

    [Fact]
    public async Task An_object_that_is_no_message_of_ours_is_not_written()
    {
        await using var node = await TestNode.StartAsync(TestCluster.Settings(TestCluster.User("alice")), "akka.loggers = []");
        var serialization = node.System.Serialization;
        Assert.ThrowsAny<Exception>(() => serialization.FindSerializerFor(new Smuggled("x")).ToBinary(new Smuggled("x")));
        Assert.Equal(4201, serialization.FindSerializerFor(new LedgerSnapshotRequest(new NodeIncarnation("n", 1))).Identifier);
    }

    [Fact]
    public async Task No_client_reaches_the_port_for_nodes_though_loopback_is_allowed()
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default, "akka.loggers = []");
        var port = Cluster.Get(node.System).SelfAddress.Port!.Value;
        using var client = await node.ConnectAsync();
        await client.SendAsync(5, 1, 0);
        await client.ReceiveAsync(2);
        await client.SendAsync(SocksClient.RequestFor(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port)));
        Assert.Equal(Protocol.ReplyCode.NotAllowed, (await client.ReceiveReplyAsync()).Code);
    }
}
