using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>An epoll descriptor and the native buffer of its events: a wait allocates nothing.</summary>
internal sealed unsafe class EpollSet
{
    private const int Capacity = 512;
    private readonly int _epoll = Native.EpollCreate();
    private readonly Native.EpollEvent* _events =
        (Native.EpollEvent*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(Native.EpollEvent));

    /// <summary>The events of the last wait.</summary>
    public ref readonly Native.EpollEvent this[int index] => ref _events[index];

    public void Add(int fd, uint events, ulong tag) => Native.EpollControl(_epoll, Native.EpollAdd, fd, events, tag);

    public void Modify(int fd, uint events, ulong tag) => Native.EpollControl(_epoll, Native.EpollModify, fd, events, tag);

    /// <summary>Waits at most <paramref name="milliseconds"/> (−1: for ever) and returns how many events there are.</summary>
    public int Wait(int milliseconds) => Math.Max(0, Native.EpollWait(_epoll, _events, Capacity, milliseconds));
}
