using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>The bytes that both ends know: position p of any stream holds byte p mod 1 MiB of it. The first <see cref="Chunk"/>
/// bytes are repeated after the end, so that a chunk from any position is contiguous.</summary>
internal static unsafe class Pattern
{
    /// <summary>The most bytes sent by one call.</summary>
    public const int Chunk = 256 * 1024;

    private const int Period = 1024 * 1024;
    private static readonly byte* Bytes = Make();

    /// <summary>The bytes from <paramref name="position"/> on; at least <see cref="Chunk"/> of them may be read.</summary>
    public static byte* At(long position) => Bytes + (position & (Period - 1));

    /// <summary>Whether <paramref name="count"/> received bytes (at most <see cref="Chunk"/>) are those of
    /// <paramref name="position"/>.</summary>
    public static bool Matches(byte* received, long position, nint count)
        => new ReadOnlySpan<byte>(received, (int)count).SequenceEqual(new ReadOnlySpan<byte>(At(position), (int)count));

    private static byte* Make()
    {
        var bytes = (byte*)NativeMemory.Alloc(Period + Chunk);
        new Random(Period).NextBytes(new Span<byte>(bytes, Period));
        new ReadOnlySpan<byte>(bytes, Chunk).CopyTo(new Span<byte>(bytes + Period, Chunk));
        return bytes;
    }
}
