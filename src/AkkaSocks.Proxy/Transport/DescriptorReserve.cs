using AkkaSocks.Proxy.Transport.Epoll;

namespace AkkaSocks.Proxy.Transport;

/// <summary>
/// The last descriptors of this process, which no connection gets. The runtime cannot do without any: it opens a file for each
/// assembly it comes to need, and some for a thread, and what fails once for want of one may fail for ever.
/// </summary>
/// <remarks>The kernel gives out the lowest free descriptor, so its number alone tells how many are left.</remarks>
internal static class DescriptorReserve
{
    private const int Count = 64;

    // Of the process, not of a node: RLIMIT_NOFILE. Elsewhere nothing is known of a limit.
    private static readonly nint First = OperatingSystem.IsLinux() ? FirstBelow(Native.OpenFilesLimit()) : nint.MaxValue;

    /// <summary>True for a descriptor that a connection must give back at once.</summary>
    public static bool Holds(nint descriptor) => descriptor >= First;

    private static nint FirstBelow(ulong limit) => limit <= int.MaxValue ? (nint)limit - Count : nint.MaxValue;
}
