using System.IO.Pipelines;
using System.Net;
using System.Text;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Mitm.Tests.Harness;

/// <summary>A tunnel whose both sides are the test's.</summary>
/// <param name="destination">What the client asked for.</param>
/// <param name="end">Told that a flow ends it.</param>
internal sealed class PipedTunnel(Destination destination, Action<SessionEnd> end)
{
    private int _resets;

    /// <summary>What the client says.</summary>
    public Pipe FromClient { get; } = new();

    /// <summary>What it is told.</summary>
    public Pipe ToClient { get; } = new();

    /// <summary>What the origin says.</summary>
    public Pipe FromOrigin { get; } = new();

    /// <summary>What it is told.</summary>
    public Pipe ToOrigin { get; } = new();

    /// <summary>How often the client was reset.</summary>
    public int Resets => Volatile.Read(ref _resets);

    /// <summary>The last word on it.</summary>
    public InterceptOutcome? Outcome { get; private set; }

    /// <summary>The tunnel for who carries it.</summary>
    public InterceptedTunnel Carried => new()
    {
        Session = "s",
        From = new IPEndPoint(IPAddress.Loopback, 40_000),
        User = null,
        Destination = destination,
        HandshakeTimeout = TimeSpan.FromMinutes(1),
        Client = new Sides(FromClient.Reader, ToClient.Writer),
        Origin = new Sides(FromOrigin.Reader, ToOrigin.Writer),
        ClientEnded = CancellationToken.None,
        Dial = (_, _) => throw new InvalidOperationException("Nothing is to be dialed."),
        End = end,
        Reset = () => Interlocked.Increment(ref _resets),
        Note = outcome => Outcome = outcome,
    };

    /// <summary>Has a side say something.</summary>
    public static async Task SayAsync(Pipe pipe, string text) => await pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>What a side is told until the end.</summary>
    /// <exception cref="IOException">The end is a break.</exception>
    public static async Task<string> HearAllAsync(Pipe pipe)
    {
        using var text = new StreamReader(pipe.Reader.AsStream());
        return await text.ReadToEndAsync().InTime();
    }

    private sealed record Sides(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
