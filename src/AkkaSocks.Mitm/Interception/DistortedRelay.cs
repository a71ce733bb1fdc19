using System.Buffers;
using System.IO.Pipelines;
using Akka;
using Akka.IO;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Mitm.Interception;

/// <summary>
/// One direction of a tunnel on its way through a flow: what the flow asks for is read, and what it gives is written before it is asked
/// again, so a slow reader holds its writer back. An end goes on as an end, behind what the flow has kept until then.
/// </summary>
/// <param name="from">Where the bytes come from.</param>
/// <param name="to">Where they go.</param>
/// <param name="end">Ends the tunnel for a reason that is the flow's.</param>
internal sealed class DistortedRelay(RelayEnd from, RelayEnd to, Action<SessionEnd> end)
{
    private bool _hasEnded;

    private sealed class SideLostException(Exception cause) : IOException(cause.Message, cause);

    /// <summary>Carries it to its end.</summary>
    /// <returns>Completes when it has ended; it never fails.</returns>
    public async Task CarryAsync(Flow<ByteString, ByteString, NotUsed> flow, IMaterializer materializer)
    {
        try
        {
            await Source.UnfoldAsync(from.Input, TakeAsync).Via(flow).SelectAsync(1, GiveAsync).RunWith(Sink.Ignore<Done>(), materializer)
                .ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // What failed in a stage may come wrapped.
            var cause = failure is AggregateException several ? several.Flatten().InnerExceptions[0] : failure;
            if (cause is SideLostException)
                Cut(cause);
            else
                end(cause is FlowCutException ? SessionEnd.Cut : SessionEnd.Failed);
            return;
        }

        if (!_hasEnded)
        {
            // A flow that completes while there is more has no use for it, and nobody could say so to whoever sends it.
            end(SessionEnd.Failed);
            return;
        }

        try
        {
            await to.FinishAsync().ConfigureAwait(false);
        }
        catch (Exception cause) when (TunnelEnds.IsOfTheNetwork(cause))
        {
            Cut(cause);
        }
    }

    private void Cut(Exception cause)
    {
        to.Cut(cause);
        from.Cut(cause);
    }

    private async Task<Option<(PipeReader, ByteString)>> TakeAsync(PipeReader input)
    {
        try
        {
            while (true)
            {
                // A pipe whose bytes were looked at and left awaits the next one before it tells of them again; trying does not.
                var read = input.TryRead(out var left) ? left : await input.ReadAsync().ConfigureAwait(false);
                var bytes = ByteString.FromBytes(read.Buffer.ToArray());
                input.AdvanceTo(read.Buffer.End);
                if (!bytes.IsEmpty)
                    return (input, bytes);
                if (read is not { IsCompleted: true, IsCanceled: false })
                    continue;
                _hasEnded = true;
                return Option<(PipeReader, ByteString)>.None;
            }
        }
        catch (Exception cause) when (TunnelEnds.IsOfTheNetwork(cause))
        {
            throw new SideLostException(cause);
        }
    }

    private async Task<Done> GiveAsync(ByteString bytes)
    {
        try
        {
            to.Output.Write(bytes.ToArray());
            var flushed = await to.Output.FlushAsync().ConfigureAwait(false);
            return flushed.IsCompleted ? throw new IOException("Nobody takes any more.") : Done.Instance;
        }
        catch (Exception cause) when (TunnelEnds.IsOfTheNetwork(cause))
        {
            throw new SideLostException(cause);
        }
    }
}
