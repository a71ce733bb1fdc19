using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Clustering;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>Mutual TLS between processes: what may stand where a node should, what may be sent to one, and certificates that are
/// renewed.</summary>
[Collection(Alone.Name)]
public sealed class ClusterTlsTests(ITestOutputHelper output) : IDisposable
{
    private const int AtOnce = 50;
    private const long AllowedGrowth = 20 * 1024 * 1024;

    // The side that waits for the other one to speak gives it this long to throw it out.
    private static readonly TimeSpan LetIn = TimeSpan.FromMilliseconds(500);

    private readonly TestAuthority _authority = new(), _stranger = new("somebody else");

    public enum Stand
    {
        HttpServer,
        Closer,
        Silent,
        Foreign,
        Expired,
    }

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    [LongTheory, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    [InlineData(Stand.Foreign)]
    [InlineData(Stand.Expired)]
    public async Task A_seed_with_a_bad_certificate_is_let_alone_and_the_others_are_a_cluster(Stand stand)
    {
        using var cluster = NodeCluster.Prepare(3, each: Tls);
        var (first, second, third) = (cluster.Nodes[0], cluster.Nodes[1], cluster.Nodes[2]);
        using var intruder = Place(stand, second);
        await Task.WhenAll(first.StartAsync(), third.StartAsync());
        await cluster.UpAsync(2);
        await Eventually.TrueAsync(() => intruder.Dials > 2, () => "it to be dialled");
        Assert.True(first.IsRunning && third.IsRunning);
        output.WriteLine($"{stand}: dialled {intruder.Dials} times, both others up");
    }

    [LongTheory, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    [InlineData(Stand.HttpServer)]
    [InlineData(Stand.Closer)]
    [InlineData(Stand.Silent)]
    [InlineData(Stand.Foreign)]
    [InlineData(Stand.Expired)]
    public async Task Whatever_listens_where_a_dead_node_did_the_others_live_on(Stand stand)
    {
        using var cluster = await NodeCluster.StartAsync(3, each: Tls);

        // A seed, so that it is dialled for as long as it is away.
        await cluster.Nodes[1].KillAsync();
        using var intruder = Place(stand, cluster.Nodes[1]);
        await cluster.UpAsync(2);

        // The failure of a silent one takes 15 s to be one; it is dialled anew after that.
        var dialled = intruder.Dials;
        await Eventually.TrueAsync(() => intruder.Dials > dialled + 2, () => "it to be dialled again");
        await cluster.UpAsync(2);
        output.WriteLine($"{stand}: dialled {intruder.Dials} times, both others up");
    }

    [LongFact, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public async Task Renewed_certificates_and_authorities_are_used_while_the_cluster_stays_as_it_is()
    {
        var ca = Path.Combine(Path.GetDirectoryName(_authority.CaFile)!, "nodes.crt");
        File.Copy(_authority.CaFile, ca);
        ClusterTlsSettings[] files = [_authority.Sign("n0") with { Ca = ca }, _authority.Sign("n1") with { Ca = ca }];
        using var cluster = await NodeCluster.StartAsync(2, each: i => TlsHocon.Of(files[i]));
        var (old, renewed) = (_authority.Sign("asker"), _stranger.Sign("asker"));
        Assert.Equal("CN=n0", await ShownAsync(cluster.Nodes[0], old));
        Assert.Null(await ShownAsync(cluster.Nodes[0], renewed));

        // First everybody trusts both authorities, then has a certificate of the new one, then trusts that one alone.
        File.WriteAllText(ca, $"{File.ReadAllText(_authority.CaFile)}\n{File.ReadAllText(_stranger.CaFile)}");
        await Task.WhenAll(cluster.Nodes.Select(node => ShowsAsync(node, renewed, shown => shown is not null)));
        for (var i = 0; i < 2; i++)
        {
            var signed = _stranger.Sign($"new{i}");
            File.Copy(signed.Certificate, files[i].Certificate, overwrite: true);
            File.Copy(signed.Key, files[i].Key, overwrite: true);
        }

        await Task.WhenAll(cluster.Nodes.Select((node, i) => ShowsAsync(node, renewed, shown => shown == $"CN=new{i}")));
        File.Copy(_stranger.CaFile, ca, overwrite: true);
        await Task.WhenAll(cluster.Nodes.Select(node => ShowsAsync(node, old, shown => shown is null)));
        await cluster.UpAsync(2);
        Assert.All(cluster.Nodes, node => Assert.True(node.IsRunning));

        // One that is started anew reads the new ones, so the other one, which has not been, has to accept and to show them.
        await cluster.Nodes[1].KillAsync();
        await cluster.UpAsync(1);
        await cluster.Nodes[1].StartAsync();
        await cluster.UpAsync(2);
        Assert.True(cluster.Nodes[0].IsRunning);
    }

    [Fact]
    public Task Whatever_is_sent_to_the_port_of_nodes_they_live_on() => Attack(1_000);

    [LongFact, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public Task The_same_ten_thousand_times() => Attack(10_000);

    private async Task Attack(int times)
    {
        using var cluster = await NodeCluster.StartAsync(2, each: Tls);
        var victim = cluster.Nodes[0];
        var hello = await ClientHelloAsync();
        Func<byte[]>[] kinds =
        [
            () => RandomNumberGenerator.GetBytes(200),
            () => Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {victim.Cluster}\r\n\r\n"),
            () => hello,
            () => [0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
        ];

        // The first ones fill the young generation, which has 64 MB to fill: what they add is no leak, what the next ones add may be.
        var atFirst = victim.Figures.ResidentBytes;
        await SendAsync(times);
        var before = victim.Figures.ResidentBytes;
        await SendAsync(times);
        await cluster.UpAsync(2);
        var growth = victim.Figures.ResidentBytes - before;
        output.WriteLine($"{times} times random bytes, HTTP, a ClientHello, an impossible length: "
            + $"RSS {(before - atFirst) / 1048576.0:+0.0;-0.0} MiB, and {growth / 1048576.0:+0.0;-0.0} MiB with as many again");
        Assert.True(victim.IsRunning);
        Assert.InRange(growth, long.MinValue, AllowedGrowth);

        async Task SendAsync(int count)
        {
            for (var done = 0; done < count; done += AtOnce)
                await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => SayAsync(victim.Cluster, kinds[i % kinds.Length]())));
        }
    }

    private static async Task SayAsync(IPEndPoint node, byte[] bytes)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(node).InTime();
        try
        {
            await socket.SendAllAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
            await socket.ReceiveToEndAsync().InTime();
        }
        catch (SocketException)
        {
            // Thrown out.
        }
    }

    private static async Task<byte[]> ClientHelloAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint).InTime();
        using var server = await listener.AcceptTcpClientAsync().InTime();
        await using var tls = new SslStream(client.GetStream());
        var handshake = tls.AuthenticateAsClientAsync("node");
        var hello = new byte[4096];
        var length = await server.GetStream().ReadAsync(hello).InTime();
        server.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => handshake.InTime());
        return hello[..length];
    }

    private string Tls(int node) => TlsHocon.Of(_authority.Sign($"n{node}"));

    private Intruder Place(Stand stand, ClusterNode node) => new(node.Cluster, stand switch
    {
        Stand.HttpServer => Intruder.AnswerHttpAsync,
        Stand.Closer => Intruder.CloseAsync,
        Stand.Silent => Intruder.StaySilentAsync,
        Stand.Foreign => Intruder.ShowAsync(_stranger.Sign("foreign")),
        _ => Intruder.ShowAsync(_authority.Sign("old", -2, -1)),
    });

    private static Task<TimeSpan> ShowsAsync(ClusterNode node, ClusterTlsSettings asker, Func<string?, bool> isRight) =>
        Eventually.TrueAsync(() => isRight(ShownAsync(node, asker).Result), () => $"{node.Name} to go by the new files", LetIn);

    /// <summary>The subject of the certificate that a node shows to one that has this certificate; null when it does not let that one
    /// in.</summary>
    private static async Task<string?> ShownAsync(ClusterNode node, ClusterTlsSettings asker)
    {
        using var pem = X509Certificate2.CreateFromPemFile(asker.Certificate, asker.Key);
        using var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        using var client = new TcpClient();
        await client.ConnectAsync(node.Cluster).InTime();
        await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsClientAsync("node", [certificate], false).InTime();

            // In TLS 1.3 it learns only now whether it was let in.
            await tls.ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(LetIn);
        }
        catch (TimeoutException)
        {
            return tls.RemoteCertificate!.Subject;
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return null;
        }

        return null;
    }
}
