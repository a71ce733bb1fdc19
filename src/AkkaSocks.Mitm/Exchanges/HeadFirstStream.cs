using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>
/// An origin's body that sends the head of the response ahead when nothing of the body is there yet: the forwarder would keep it
/// until the first byte (dotnet/yarp #2520), and a client that waits for the head before it goes on would wait for ever.
/// </summary>
/// <remarks>A body that is there, or is empty, costs no flush: then head and body go together.</remarks>
internal sealed class HeadFirstStream(Stream body, HttpResponse response) : ReadingStream
{
    private bool _begun;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = body.ReadAsync(buffer, cancellationToken);
        if (_begun)
            return read;
        _begun = true;
        return read.IsCompleted || response.HasStarted ? read : SendHead(read.AsTask(), cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> SendHead(Task<int> read, CancellationToken cancel)
    {
        // A client that has gone is noticed by whoever writes to it next.
        await response.Body.FlushAsync(cancel).ConfigureAwait(false);
        return await read.ConfigureAwait(false);
    }
}
