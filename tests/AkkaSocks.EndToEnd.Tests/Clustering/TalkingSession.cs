using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>A session that talks all the time: numbers go through the proxy to an echo and must come back, each as it was, none
/// missing.</summary>
internal sealed class TalkingSession : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private readonly SocksClient _client;
    private volatile bool _isToStop;

    private TalkingSession(SocksClient client)
    {
        _client = client;
        Talk = TalkAsync();
    }

    /// <summary>Fails with the first byte that is lost or wrong; completes when it is stopped.</summary>
    public Task Talk { get; }

    /// <summary>When it was closed or reset from the other side, by <see cref="Stopwatch.GetTimestamp"/>; 0 before. Noticed at once,
    /// also between two words.</summary>
    public long EndedAt { get; private set; }

    public static async Task<TalkingSession> OpenAsync(ClusterNode node, IPEndPoint destination, string user = User.Name)
    {
        var (client, reply) = await node.OpenAsync(destination, user);
        Assert.Equal(0, reply);
        return new TalkingSession(client);
    }

    /// <summary>So many at each of some nodes.</summary>
    public static async Task<List<TalkingSession>> OpenAsync(int count, ClusterNode node, IPEndPoint destination, string user = User.Name)
    {
        var sessions = new List<TalkingSession>();
        foreach (var some in Enumerable.Range(0, count).Chunk(20))
            sessions.AddRange(await Task.WhenAll(some.Select(_ => OpenAsync(node, destination, user))));
        return sessions;
    }

    /// <summary>Says the last number, hears it, and closes. Fails the test when anything was lost before.</summary>
    public async Task StopAsync()
    {
        _isToStop = true;
        await Talk.InTime();
        _client.Dispose();
    }

    public void Dispose() => _client.Dispose();

    private async Task TalkAsync()
    {
        using var timer = new PeriodicTimer(Every);
        var said = new byte[sizeof(long)];
        try
        {
            for (var number = 0L; !_isToStop; number++)
            {
                BinaryPrimitives.WriteInt64BigEndian(said, number);
                var heard = _client.ExpectAsync(said);
                if (number > 0)
                    await Task.WhenAny(heard, timer.WaitForNextTickAsync().AsTask());
                if (!heard.IsCompleted)
                    await _client.SendAsync(said);
                await heard;
            }
        }
        catch
        {
            EndedAt = Stopwatch.GetTimestamp();
            throw;
        }
    }
}
