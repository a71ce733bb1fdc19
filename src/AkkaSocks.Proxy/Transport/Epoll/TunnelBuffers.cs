using System.Runtime.InteropServices;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// What the tunnels of one loop share, so that an idle tunnel holds nothing: one read buffer, used within a single call, and
/// pipes for <c>splice</c>, lent while bytes are under way.
/// </summary>
internal sealed unsafe class TunnelBuffers : IDisposable
{
    /// <summary>Bytes of the shared read buffer: what a direction may leave unsent.</summary>
    public const int BufferSize = 64 * 1024;

    /// <summary>Bytes asked for each pipe. Measured: 64 KiB to 1 MiB halves the CPU per byte of bulk.</summary>
    public const int PipeSize = 1024 * 1024;

    /// <summary>
    /// Pipes that stalled directions of one loop may hold, each up to <see cref="PipeSize"/> of kernel memory. Beyond it,
    /// tunnels stay with read and write.
    /// </summary>
    public const int MaxLentPipes = 64;

    private const int MaxIdlePipes = 16;
    private readonly Stack<SplicePipe> _idle = new();
    private int _lent;

    /// <summary>The shared buffer: valid until the caller returns to the loop.</summary>
    public byte* Buffer { get; } = (byte*)NativeMemory.AlignedAlloc(BufferSize, 4096);

    /// <summary>False once the kernel has refused to splice sockets: nobody tries again.</summary>
    public bool CanSplice { get; private set; } = true;

    /// <summary>Directions that fell back to read and write because <c>splice</c> was refused or pipes had run out.</summary>
    public long Fallbacks { get; private set; }

    /// <summary>Lends an empty pipe, or null when there is none to be had.</summary>
    public SplicePipe? Lend()
    {
        if (_lent < MaxLentPipes && (_idle.TryPop(out var pipe) || SplicePipe.TryCreate(PipeSize, out pipe)))
        {
            _lent++;
            return pipe;
        }

        Fallbacks++;
        return null;
    }

    /// <summary>Takes a pipe back. One that still holds bytes is closed, so that no other session ever sees them.</summary>
    public void GiveBack(SplicePipe pipe, bool isEmpty)
    {
        _lent--;
        if (isEmpty && _idle.Count < MaxIdlePipes)
            _idle.Push(pipe);
        else
            pipe.Close();
    }

    /// <summary>The kernel said that it cannot splice these sockets.</summary>
    public void SpliceRefused()
    {
        CanSplice = false;
        Fallbacks++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryPop(out var pipe))
            pipe.Close();
        NativeMemory.AlignedFree(Buffer);
    }
}
