using System.Diagnostics.CodeAnalysis;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>A kernel pipe through which <c>splice</c> moves bytes from socket to socket.</summary>
internal sealed unsafe class SplicePipe
{
    private SplicePipe(int readEnd, int writeEnd, int capacity)
    {
        ReadEnd = readEnd;
        WriteEnd = writeEnd;
        Capacity = capacity;
    }

    /// <summary>Where bytes come out.</summary>
    public int ReadEnd { get; }

    /// <summary>Where bytes go in.</summary>
    public int WriteEnd { get; }

    /// <summary>Bytes it can hold.</summary>
    public int Capacity { get; }

    /// <summary>Opens a pipe.</summary>
    /// <param name="capacity">Bytes asked for; the kernel gives its default when the user's pipe pages are used up.</param>
    /// <param name="pipe">The pipe; null when no descriptor is left.</param>
    public static bool TryCreate(int capacity, [NotNullWhen(true)] out SplicePipe? pipe)
    {
        var ends = stackalloc int[2];
        if (Native.Pipe2(ends, Native.NonBlock | Native.CloseOnExec) < 0)
        {
            pipe = null;
            return false;
        }

        if (DescriptorReserve.Holds(Math.Max(ends[0], ends[1])))
        {
            Native.Close(ends[0]);
            Native.Close(ends[1]);
            pipe = null;
            return false;
        }

        var granted = Native.FCntl(ends[1], Native.SetPipeSize, capacity);
        pipe = new SplicePipe(ends[0], ends[1], granted > 0 ? granted : 64 * 1024);
        return true;
    }

    /// <summary>Closes both ends; what is inside is lost.</summary>
    public void Close()
    {
        Native.Close(ReadEnd);
        Native.Close(WriteEnd);
    }
}
