using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

/// <summary>Who may speak as a node, and what those who may not can do to the nodes.</summary>
[Collection(Alone.Name)]
public sealed class ClusterTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new(), _stranger = new("somebody else");

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    public enum Taker
    {
        HttpServer,
        Closer,
    }

    [Fact]
    public void A_certificate_counts_when_our_authority_signed_it_and_it_is_in_its_time()
    {
        var tls = new ClusterTls(_authority.Sign("us"));
        Assert.True(tls.IsSigned(new ClusterTls(_authority.Sign("node")).Certificate, out _));
        Assert.False(tls.IsSigned(new ClusterTls(_stranger.Sign("node")).Certificate, out _));
        Assert.False(tls.IsSigned(new ClusterTls(_authority.Sign("old", -2, -1)).Certificate, out var problem));
        Assert.Equal("NotTimeValid", problem);
    }

    /// <summary>By name, since it is internal to Akka.Remote: a version that has another one must be looked at before it is used.</summary>
    [Fact]
    public void The_transport_that_is_guarded_is_there_and_made_as_we_make_it()
    {
        var type = Type.GetType(GuardedTransport.GuardedType, throwOnError: true)!;
        Assert.True(type.IsAssignableTo(typeof(Akka.Remote.Transport.Transport)));
        Assert.NotNull(type.GetConstructor([typeof(ActorSystem), typeof(Config)]));
        Assert.Equal("1.5.74", type.Assembly.GetName().Version!.ToString(3));
        const BindingFlags everything = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var property in GuardedTransport.CertificatePlace.Properties)
            type = type.GetProperty(property, everything)!.PropertyType;
        Assert.Equal(typeof(X509Certificate2), type.GetField(GuardedTransport.CertificatePlace.Field, everything)!.FieldType);
    }

    [Fact]
    public void Renewed_files_are_used_once_they_fit_together_and_others_are_passed_over()
    {
        var files = _authority.Sign("node");
        var tls = new ClusterTls(files);
        X509Certificate2? told = null;
        tls.Renewed = certificate => told = certificate;
        var first = tls.Certificate;
        Assert.Equal(default, tls.Renew());

        // Half of it is there.
        var renewed = _authority.Sign("renewed");
        File.Copy(renewed.Certificate, files.Certificate, overwrite: true);
        var half = tls.Renew();
        Assert.False(half.IsNew);
        Assert.NotNull(half.Problem);
        Assert.Same(first, tls.Certificate);

        File.Copy(renewed.Key, files.Key, overwrite: true);
        Assert.Equal(new ClusterTls.Renewal(true, null), tls.Renew());
        Assert.Equal("CN=renewed", tls.Certificate.Subject);
        Assert.Same(told, tls.Certificate);
        Assert.Equal(default, tls.Renew());

        var foreign = _stranger.Sign("foreign");
        File.Copy(foreign.Certificate, files.Certificate, overwrite: true);
        File.Copy(foreign.Key, files.Key, overwrite: true);
        Assert.False(tls.Renew().IsNew);
        Assert.Equal("CN=renewed", tls.Certificate.Subject);

        // The authority that signed it joins the one there is.
        File.WriteAllText(files.Ca, File.ReadAllText(_authority.CaFile) + "\n" + File.ReadAllText(_stranger.CaFile));
        Assert.True(tls.Renew().IsNew);
        Assert.Equal("CN=foreign", tls.Certificate.Subject);
        Assert.True(tls.IsSigned(first, out _));
        File.Delete(files.Key);
        Assert.NotNull(tls.Renew().Problem);
    }

    [Fact]
    public async Task Nodes_with_certificates_of_one_authority_are_a_cluster()
    {
        await using var cluster = new TestCluster();
        var ports = TestCluster.FreePorts(2);
        foreach (var port in ports)
            await cluster.AddAsync(port, ports, TestCluster.Settings(TestCluster.User("alice", 1)), With(_authority.Sign($"node-{port}")));
        await cluster.UpAsync(2);
        Assert.All(cluster.Nodes, node => Assert.Equal("akka.ssl.tcp", Cluster.Get(node.System).SelfAddress.Protocol));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_with_a_foreign_or_expired_certificate_gets_nowhere_and_harms_nobody(bool isForeign)
    {
        await using var cluster = new TestCluster();
        var ports = TestCluster.FreePorts(3);
        var settings = TestCluster.Settings(TestCluster.User("alice", 1));
        foreach (var port in ports[..2])
            await cluster.AddAsync(port, ports, settings, With(_authority.Sign($"node-{port}")));
        await cluster.UpAsync(2);
        await using var outsider = new TestCluster();
        await outsider.AddAsync(ports[2], ports, settings, With(isForeign ? _stranger.Sign("stranger") : _authority.Sign("old", -2, -1)));

        await Eventually.TrueAsync(() => FailedDials(outsider.Nodes[0], ports[0]) > 0, "its dials to fail");
        await cluster.UpAsync(2);
        Assert.All(cluster.Nodes.Concat(outsider.Nodes), AssertLives);
        Assert.Empty(Cluster.Get(outsider.Nodes[0].System).State.Members);
    }

    [Theory]
    [InlineData(Taker.HttpServer)]
    [InlineData(Taker.Closer)]
    public async Task Whatever_listens_where_a_dead_node_did_the_others_live_on(Taker taker)
    {
        await using var cluster = new TestCluster();
        var ports = TestCluster.FreePorts(3);
        foreach (var port in ports)
            await cluster.AddAsync(port, ports, TestCluster.Settings(TestCluster.User("alice", 1)), With(_authority.Sign($"node-{port}")));
        await cluster.UpAsync(3);

        await cluster.KillAsync(2);
        using var listener = await BindAsync(ports[2]);
        var before = cluster.Nodes[..2].Select(node => FailedDials(node, ports[2])).ToList();
        var dials = Serve(listener, taker);
        await cluster.UpAsync(2);

        await Eventually.TrueAsync(
            () => dials() > 0 && cluster.Nodes[..2].Zip(before).Any(it => FailedDials(it.First, ports[2]) > it.Second), "a dial to fail");
        Assert.All(cluster.Nodes[..2], AssertLives);
    }

    private static Func<ProxySettings, ProxySettings> With(ClusterTlsSettings tls) =>
        settings => settings with { Cluster = settings.Cluster with { Tls = tls } };

    // Asked for and begun, though it may not have ended yet.
    private static void AssertLives(TestNode node) => Assert.Null(CoordinatedShutdown.Get(node.System).ShutdownReason);

    private static int FailedDials(TestNode node, int port) => node.Warnings.Count(it =>
        it.Contains("gated", StringComparison.Ordinal) && it.Contains($":{port}]", StringComparison.Ordinal));

    // The port of a killed node may take a moment to be free.
    private static async Task<TcpListener> BindAsync(int port)
    {
        TcpListener? listener = null;
        await Eventually.TrueAsync(
            () =>
            {
                try
                {
                    listener = new TcpListener(IPAddress.Loopback, port);
                    listener.Start();
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "the port to be free");
        return listener!;
    }

    private static Func<int> Serve(TcpListener listener, Taker taker)
    {
        var dials = 0;
        _ = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    var client = await listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref dials);
                    if (taker == Taker.HttpServer)
                        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
                    client.Dispose();
                }
            }
            catch (Exception closed) when (closed is ObjectDisposedException or SocketException or IOException)
            {
                // The test is over.
            }
        });
        return () => Volatile.Read(ref dials);
    }
}
