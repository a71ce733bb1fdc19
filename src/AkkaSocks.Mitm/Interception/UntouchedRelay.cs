using System.Buffers;

namespace AkkaSocks.Mitm.Interception;

/// <summary>One direction of a tunnel as it is: an end goes on as an end, a break as a break.</summary>
internal static class UntouchedRelay
{
    /// <summary>Carries it to its end.</summary>
    /// <returns>Completes when it has ended; it never fails.</returns>
    public static async Task CarryAsync(RelayEnd from, RelayEnd to)
    {
        try
        {
            while (true)
            {
                // A pipe whose bytes were looked at and left awaits the next one before it tells of them again; trying does not.
                var read = from.Input.TryRead(out var left) ? left : await from.Input.ReadAsync().ConfigureAwait(false);
                foreach (var piece in read.Buffer)
                    to.Output.Write(piece.Span);
                from.Input.AdvanceTo(read.Buffer.End);
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
