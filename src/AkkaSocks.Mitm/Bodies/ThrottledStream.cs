using System.Diagnostics;
using AkkaSocks.Mitm.Exchanges;

namespace AkkaSocks.Mitm.Bodies;

/// <summary>A body that comes no faster than so many bytes a second, from its first byte on.</summary>
internal sealed class ThrottledStream(Stream body, int bytesPerSecond) : ReadingStream
{
    // Some twenty pieces a second: smooth enough, and few timers.
    private readonly int _piece = Math.Clamp(bytesPerSecond / 20, 1, 64 * 1024);
    private long _begun, _passed;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_begun == 0)
            _begun = Stopwatch.GetTimestamp();
        var due = TimeSpan.FromSeconds((double)_passed / bytesPerSecond) - Stopwatch.GetElapsedTime(_begun);
        if (due > TimeSpan.Zero)
            await Task.Delay(due, cancellationToken).ConfigureAwait(false);
        var read = await body.ReadAsync(buffer[..Math.Min(buffer.Length, _piece)], cancellationToken).ConfigureAwait(false);
        _passed += read;
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }
}
