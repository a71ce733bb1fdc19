using System.Collections.Immutable;
using Akka;
using Akka.Event;
using Akka.IO;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaSocks.Mitm.Bodies;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>The flow of each step that can be configured.</summary>
/// <param name="log">Where flows tell what they saw; asked with each flow.</param>
internal sealed class FlowSteps(Func<ILoggingAdapter> log)
{
    // Twenty pieces a second: smooth enough, and few timers.
    private const int PiecesPerSecond = 20;

    // Where flows of others run: what they wait for is not waited for by an event loop.
    private const string OwnDispatcher = "akka.actor.default-dispatcher";

    /// <summary>Makes steps ready: what is created once is created here.</summary>
    public ImmutableArray<Func<RawFlowContext, Flow<ByteString, ByteString, NotUsed>>> Of(ImmutableArray<RawFlowStep> steps) =>
        [.. steps.Select(Of)];

    private Func<RawFlowContext, Flow<ByteString, ByteString, NotUsed>> Of(RawFlowStep step) => step switch
    {
        RawFlowStep.Count => context => Flow.FromGraph(new CountStage(context, log())),
        RawFlowStep.Log it => context => First(it.Bytes, context, log()),
        RawFlowStep.Throttle it => _ => Throttled(it.BytesPerSecond),
        RawFlowStep.Delay it => _ => Flow.FromGraph(new DelayStage(it.By, it.Jitter, new Random())),
        RawFlowStep.Chunk it => _ => Pieces(it.MaxBytes),
        RawFlowStep.Corrupt it => _ => Corrupted(it.Probability, new Random()),
        RawFlowStep.DropAfter it => _ => Flow.FromGraph(new CutStage(it.Bytes)),
        RawFlowStep.Replace it => _ => Flow.FromGraph(new ReplaceStage(new ByteReplacer(it.From.Span, it.With.Span))),
        RawFlowStep.Record it => context => Recording.Flow(it.Directory, context, log()),
        RawFlowStep.Own it => Own(it),
        _ => throw new InvalidOperationException($"No flow for {step}."),
    };

    private static Flow<ByteString, ByteString, NotUsed> Pieces(int max) =>
        Flow.Create<ByteString>().SelectMany(bytes => Split(bytes, max));

    private static IEnumerable<ByteString> Split(ByteString bytes, int max)
    {
        for (var at = 0; at < bytes.Count; at += max)
            yield return bytes.Slice(at, Math.Min(max, bytes.Count - at));
    }

    private static Flow<ByteString, ByteString, NotUsed> Throttled(int bytesPerSecond)
    {
        var piece = Math.Max(1, bytesPerSecond / PiecesPerSecond);

        // Akka counts at most one unit in a tick of 100 ns.
        var unit = 1 + (bytesPerSecond / (int)TimeSpan.TicksPerSecond);
        return Pieces(piece).Throttle(
            bytesPerSecond / unit,
            TimeSpan.FromSeconds(1),
            (piece + unit - 1) / unit,
            bytes => (bytes.Count + unit - 1) / unit,
            ThrottleMode.Shaping);
    }

    private static Flow<ByteString, ByteString, NotUsed> Corrupted(double probability, Random random) =>
        Flow.Create<ByteString>().Select(bytes =>
        {
            var copy = bytes.ToArray();
            for (var i = 0; i < copy.Length; i++)
            {
                if (random.NextDouble() < probability)
                    copy[i] ^= (byte)(1 << random.Next(8));
            }

            return ByteString.FromBytes(copy);
        });

    private static Flow<ByteString, ByteString, NotUsed> First(int count, RawFlowContext context, ILoggingAdapter log)
    {
        var left = count;
        return Flow.Create<ByteString>().Select(bytes =>
        {
            if (left > 0)
            {
                var shown = Math.Min(left, bytes.Count);
                left -= shown;
                log.Info(
                    "{0} {1} {2}: {3}", context.Session, context.Destination, context.Direction,
                    Convert.ToHexStringLower(bytes.Slice(0, shown).ToArray()));
            }

            return bytes;
        });
    }

    private static Func<RawFlowContext, Flow<ByteString, ByteString, NotUsed>> Own(RawFlowStep.Own own)
    {
        var factory = ExtensionTypes.Create<IRawFlowFactory>(own.Type, "mitm.raw-flows");
        var arguments = own.Arguments.ToImmutableDictionary();
        return context => factory.Create(context with { Arguments = arguments })
            .WithAttributes(ActorAttributes.CreateDispatcher(OwnDispatcher))
            .Async();
    }
}
