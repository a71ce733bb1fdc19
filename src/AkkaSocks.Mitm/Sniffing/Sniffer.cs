using System.IO.Pipelines;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Mitm.Sniffing;

/// <summary>What was found at the start of a tunnel.</summary>
/// <param name="Spoken">What the client speaks; <see cref="Sniffing.Spoken.NeedMore"/> where it has not said.</param>
/// <param name="Hello">Its ClientHello, where it speaks TLS.</param>
/// <param name="Otherwise">Why it is to be relayed untouched, where it speaks nothing that can be looked into.</param>
internal sealed record Finding(Spoken Spoken, ClientHello? Hello, InterceptOutcome Otherwise);

/// <summary>
/// Waits for what tells a tunnel's protocol: the client's first bytes, the server's if they come first, or silence. It takes nothing of
/// either: whoever reads next gets all of it.
/// </summary>
/// <param name="silence">How long neither side may have said anything.</param>
/// <param name="maxClientHello">Bytes that a ClientHello may have.</param>
internal sealed class Sniffer(TimeSpan silence, int maxClientHello)
{
    /// <summary>Waits.</summary>
    /// <param name="client">What the client says.</param>
    /// <param name="server">What the server says; null where it does not matter.</param>
    /// <param name="patience">How long a client may take that has begun.</param>
    /// <exception cref="IOException">The client is gone.</exception>
    public async Task<Finding> LookAsync(PipeReader client, PipeReader? server, TimeSpan patience)
    {
        using var over = new CancellationTokenSource();
        var listening = client.ReadAsync().AsTask();
        var hearing = server?.ReadAsync().AsTask() ?? Task.Delay(Timeout.Infinite, over.Token);
        var waiting = Task.Delay(silence, over.Token);
        try
        {
            var hasBegun = false;
            while (true)
            {
                var first = await Task.WhenAny(listening, waiting, hearing).ConfigureAwait(false);
                if (first == hearing && !hasBegun)
                    return new Finding(Spoken.NeedMore, null, InterceptOutcome.ServerFirst);
                if (first == waiting)
                    return new Finding(Spoken.NeedMore, null, InterceptOutcome.Silent);
                if (first == hearing)
                {
                    // The client has begun, so it is not the server that matters; what it said stays where it is.
                    await Task.WhenAny(listening, waiting).ConfigureAwait(false);
                    if (!listening.IsCompleted)
                        return new Finding(Spoken.NeedMore, null, InterceptOutcome.Silent);
                }

                var heard = await listening.ConfigureAwait(false);
                var spoken = FirstBytes.Tell(heard.Buffer, maxClientHello, out var hello);
                if (spoken != Spoken.NeedMore || heard.IsCompleted)
                    return new Finding(spoken, hello, heard.Buffer.IsEmpty ? InterceptOutcome.Silent : InterceptOutcome.OtherProtocol);
                client.AdvanceTo(heard.Buffer.Start, heard.Buffer.End);
                listening = client.ReadAsync().AsTask();
                if (!hasBegun)
                    waiting = Task.Delay(patience, over.Token);
                hasBegun = true;
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await Leave(client, listening).ConfigureAwait(false);
            if (server is not null)
                await Leave(server, (Task<ReadResult>)hearing).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a read, so that another may begin, and takes nothing.</summary>
    private static async Task Leave(PipeReader reader, Task<ReadResult> read)
    {
        reader.CancelPendingRead();
        try
        {
            var last = await read.ConfigureAwait(false);
            reader.AdvanceTo(last.Buffer.Start);

            // It had ended by itself, so it is the next one that is cancelled.
            if (!last.IsCanceled)
                reader.AdvanceTo((await reader.ReadAsync().ConfigureAwait(false)).Buffer.Start);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Whoever reads next is told the same.
        }
    }
}
