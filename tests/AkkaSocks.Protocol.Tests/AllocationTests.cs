using System.Net;

namespace AkkaSocks.Protocol.Tests;

/// <summary>
/// What a client that has not logged in yet can make us allocate, and that nothing is allocated where
/// there is no result to keep.
/// </summary>
public class AllocationTests
{
    private const int BeforeAuthentication = 1024;

    private static readonly byte[] LongestGreeting = [0x05, 255, .. new byte[255]];
    private static readonly byte[] LongestCredentials = [0x01, 255, .. new byte[255], 255, .. new byte[255]];
    private static readonly byte[] LongestRequest =
        [0x05, 0x01, 0x00, 0x03, 253, .. Enumerable.Range(0, 253).Select(NameOctet), 0, 80];
    private static readonly byte[] LongestSocks4Request =
        [0x04, 0x01, 0, 80, 0, 0, 0, 1, .. Enumerable.Repeat((byte)'u', 255), 0, .. Enumerable.Range(0, 253).Select(NameOctet), 0];
    private static readonly byte[] MappedRequest =
        [0x05, 0x01, 0x00, 0x04, .. IPAddress.Parse("::ffff:192.0.2.1").GetAddressBytes(), 0, 80];

    [Fact]
    public void S23_the_longest_credentials_and_requests_stay_within_one_KiB()
    {
        Assert.InRange(Allocated(() => Credentials.TryRead(LongestCredentials, out _, out _)), 510, BeforeAuthentication);
        Assert.InRange(Allocated(() => Request.TryRead(LongestRequest, out _, out _, out _)), 253, BeforeAuthentication);
        Assert.InRange(Allocated(() => Socks4Request.TryRead(LongestSocks4Request, out _, out _, out _)), 253, BeforeAuthentication);
        Assert.InRange(Allocated(() => Request.TryRead(MappedRequest, out _, out _, out _)), 1, BeforeAuthentication);
    }

    [Fact]
    public void S23_a_greeting_allocates_nothing() =>
        Assert.Equal(0, Allocated(() => Greeting.TryRead(LongestGreeting, out _, out _)));

    [Fact]
    public void S23_what_is_incomplete_or_refused_allocates_nothing()
    {
        byte[] refused = [0x05, 0x01, 0x00, 0x03, 255, .. new byte[255], 0, 80];
        Assert.Equal(0, Allocated(() => Greeting.TryRead(LongestGreeting.AsSpan(..^1), out _, out _)));
        Assert.Equal(0, Allocated(() => Credentials.TryRead(LongestCredentials.AsSpan(..^1), out _, out _)));
        Assert.Equal(0, Allocated(() => Request.TryRead(LongestRequest.AsSpan(..^1), out _, out _, out _)));
        Assert.Equal(0, Allocated(() => Request.TryRead(refused, out _, out _, out _)));
        Assert.Equal(0, Allocated(() => UdpHeader.TryRead(LongestRequest.AsSpan(..^1), out _, out _)));
        Assert.Equal(0, Allocated(() => Socks4Request.TryRead(LongestSocks4Request.AsSpan(..^1), out _, out _, out _)));
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        byte[] buffer = new byte[Reply.MaxLength];
        var mapped = new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 80);
        var plain = new IPEndPoint(IPAddress.Loopback, 80);
        Assert.Equal(DecodeStatus.Done, Request.TryRead(LongestRequest, out Request request, out _, out _));

        Assert.Equal(0, Allocated(() => MethodSelection.Write(buffer, AuthMethod.None)));
        Assert.Equal(0, Allocated(() => AuthStatus.Write(buffer, success: true)));
        Assert.Equal(0, Allocated(() => Reply.Write(buffer, ReplyCode.Succeeded, mapped)));
        Assert.Equal(0, Allocated(() => Reply.Write(buffer, ReplyCode.GeneralFailure, null)));
        Assert.Equal(0, Allocated(() => Socks4Reply.Write(buffer, granted: true, plain)));
        Assert.Equal(0, Allocated(() => Request.Write(buffer, Command.Connect, request.Destination)));
        Assert.Equal(0, Allocated(() => UdpHeader.Write(buffer, request.Destination)));
    }

    private static byte NameOctet(int index) => (byte)(index % 50 == 49 ? '.' : 'a');

    /// <summary>Bytes that one call allocates on this thread, once statics are initialised.</summary>
    private static long Allocated<T>(Func<T> call)
    {
        call();
        long before = GC.GetAllocatedBytesForCurrentThread();
        call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
