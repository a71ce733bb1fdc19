using System.Runtime.InteropServices;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// <c>struct epoll_event</c>. The kernel packs it on x86-64 (12 bytes) and nowhere else (16 bytes), so an array of them is
/// bytes whose stride is known at start.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct EpollEvent
{
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Bytes from one event to the next.</summary>
    public static readonly int Stride = Packed ? 12 : 16;

    [FieldOffset(0)] private uint _events;
    [FieldOffset(4)] private fixed byte _token[12];

    /// <summary>What happened, or what is asked for.</summary>
    public uint Events { readonly get => _events; set => _events = value; }

    /// <summary>What was given when the descriptor was added.</summary>
    public ulong Token
    {
        readonly get
        {
            fixed (byte* token = _token)
                return *(ulong*)(token + Stride - 12);
        }
        set
        {
            fixed (byte* token = _token)
                *(ulong*)(token + Stride - 12) = value;
        }
    }

    /// <summary>The event at <paramref name="index"/> of what <c>epoll_wait</c> filled.</summary>
    public static EpollEvent* At(byte* events, int index) => (EpollEvent*)(events + index * Stride);
}
