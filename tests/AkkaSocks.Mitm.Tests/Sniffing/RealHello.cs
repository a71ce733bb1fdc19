using System.Net.Security;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Sniffing;

/// <summary>What a TLS client of this machine really says first.</summary>
internal static class RealHello
{
    private const int RecordHeader = 5;

    /// <summary>Its first bytes: one record.</summary>
    public static byte[] Of(string host, params SslApplicationProtocol[] protocols)
    {
        using var wire = new FirstFlight();
        using var tls = new SslStream(wire);
        Assert.ThrowsAny<Exception>(() => tls.AuthenticateAsClient(
            new SslClientAuthenticationOptions { TargetHost = host, ApplicationProtocols = [.. protocols] }));
        return wire.Sent.ToArray();
    }

    /// <summary>The same message in records of so many bytes each.</summary>
    public static byte[] InRecordsOf(int size, byte[] record) =>
        [.. record[RecordHeader..].Chunk(size).SelectMany(piece => (byte[])[.. record[..3], (byte)(piece.Length >> 8), (byte)piece.Length, .. piece])];

    private sealed class FirstFlight : MemoryStream
    {
        public MemoryStream Sent { get; } = new();

        public override int Read(Span<byte> buffer) => 0;

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(0);

        public override void Write(byte[] buffer, int offset, int count) => Sent.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => Sent.Write(buffer);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Sent.Write(buffer.Span);
            return default;
        }
    }
}
