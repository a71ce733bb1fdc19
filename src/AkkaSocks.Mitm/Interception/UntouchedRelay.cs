using System.Buffers;
using System.IO.Pipelines;

namespace AkkaSocks.Mitm.Interception;

/// <summary>Carries bytes between two sides as they are: an end goes on as an end, a break as a break.</summary>
internal static class UntouchedRelay
{
    /// <summary>Carries both directions to their ends.</summary>
    /// <returns>Completes when both have ended; it never fails.</returns>
    public static Task CarryAsync(RelayEnd one, RelayEnd other) =>
        Task.WhenAll(CarryAsync(one, other, one.Input), CarryAsync(other, one, other.Input));

    private static async Task CarryAsync(RelayEnd from, RelayEnd to, PipeReader source)
    {
        try
        {
            while (true)
            {
                // A pipe whose bytes were looked at and left awaits the next one before it tells of them again; trying does not.
                var read = source.TryRead(out var left) ? left : await source.ReadAsync().ConfigureAwait(false);
                foreach (var piece in read.Buffer)
                    to.Output.Write(piece.Span);
                source.AdvanceTo(read.Buffer.End);
                var flushed = read.Buffer.IsEmpty ? default : await to.Output.FlushAsync().ConfigureAwait(false);
                if (flushed.IsCompleted || (read.IsCompleted && !read.IsCanceled))
                    break;
            }

            await to.FinishAsync().ConfigureAwait(false);
        }
        catch (Exception cause) when (TunnelEnds.IsOfTheNetwork(cause))
        {
            to.Cut(cause);
            from.Cut(cause);
        }
    }
}
