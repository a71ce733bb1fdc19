using System.Runtime.InteropServices;

namespace AkkaSocks.Proxy.Transport.Tls;

/// <summary>
/// The heaps that OpenSSL allocates from. glibc gives nearly each thread one of its own and keeps in each what was once in it;
/// handshakes begin and end on several threads, so a wave of stalled ones leaves many times what is in use.
/// </summary>
internal static partial class NativeHeap
{
    /// <summary>Gives back what is free. Takes milliseconds, in which other threads may wait for memory. Measured after six waves of 1,500
    /// stalled handshakes: 61 of 217 MiB resident were given back.</summary>
    public static void Trim()
    {
        try
        {
            MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // No glibc: musl keeps nothing back.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keep);
}
