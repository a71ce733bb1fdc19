using System.Threading.Channels;
using AkkaSocks.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace AkkaSocks.Server.Admin.Events;

/// <summary>
/// One reader's stream. The reader decides how fast it is read: what it does not take in time is lost, oldest first, and it is told
/// how much. Nobody waits for it.
/// </summary>
/// <param name="listen">Has frames put into a queue, and told of that, until what it returns is disposed of.</param>
/// <param name="stopping">The server stops.</param>
/// <param name="onEnd">Called when the reader has gone.</param>
internal sealed class EventStream(
    Func<EventRing<byte[]>, ChannelWriter<bool>, IDisposable> listen, CancellationToken stopping, Action onEnd) : IResult
{
    private const int FramesAtOnce = 256;
    private static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(10);

    // Sessions come and go by the thousand; several in one packet are read as fast and cost less.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    // A reader that takes nothing for so long has gone without saying so, and has its place taken away.
    private static readonly TimeSpan LongestStall = TimeSpan.FromMinutes(5);

    /// <summary>Frames that wait for a reader that has stopped reading; of sessions some 300 KB.</summary>
    public int QueueCapacity { get; init; } = 1024;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var queue = new EventRing<byte[]>(QueueCapacity);
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var listening = listen(queue, wake.Writer);
        try
        {
            httpContext.Response.ContentType = "text/event-stream";

            // Else the server ends what is read slower than it thinks right.
            if (httpContext.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
                rate.MinDataRate = null;
            httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
            await WriteAsync(httpContext.Response, EventFrames.Alive, end);
            while (!end.IsCancellationRequested)
            {
                if (queue.IsEmpty && !await IsWokenAsync(wake.Reader, end.Token))
                {
                    await WriteAsync(httpContext.Response, EventFrames.Alive, end);
                    continue;
                }

                await Task.Delay(Gather, end.Token);
                await WriteAsync(httpContext.Response, Gathered(queue), end);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or the server stops.
        }
        finally
        {
            listening.Dispose();
            onEnd();
        }
    }

    private static byte[] Gathered(EventRing<byte[]> queue)
    {
        var frames = queue.Take(FramesAtOnce, out var lost);
        if (lost > 0)
            frames.Insert(0, EventFrames.OfLost(lost, node: null));
        var all = new MemoryStream(frames.Sum(frame => frame.Length));
        foreach (var frame in frames)
            all.Write(frame);
        return all.ToArray();
    }

    private static async Task<bool> IsWokenAsync(ChannelReader<bool> wake, CancellationToken end)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(end);
        pause.CancelAfter(AliveEvery);
        try
        {
            return await wake.ReadAsync(pause.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task WriteAsync(HttpResponse response, byte[] bytes, CancellationTokenSource end)
    {
        end.CancelAfter(LongestStall);
        await response.Body.WriteAsync(bytes, end.Token);
        await response.Body.FlushAsync(end.Token);
        end.CancelAfter(Timeout.InfiniteTimeSpan);
    }
}
