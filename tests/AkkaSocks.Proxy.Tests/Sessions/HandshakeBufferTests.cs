using System.Net;
using AkkaSocks.Proxy.Sessions;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

public sealed class HandshakeBufferTests
{
    private readonly MemoryConnection _client = new(new IPEndPoint(IPAddress.Loopback, 1));
    private HandshakeBuffer _buffer;

    [Fact]
    public void G13_it_holds_no_more_than_a_kibibyte()
    {
        _client.Arrive(new byte[3000]);
        Assert.Equal(IoStatus.WouldBlock, _buffer.Fill(_client));
        Assert.Equal(1024, _buffer.Unread.Length);
        Assert.Equal(3000 - 1024, _client.Unread);

        _buffer.Consume(100);
        _buffer.Fill(_client);
        Assert.Equal(1024, _buffer.Unread.Length);
    }

    [Fact]
    public void Bytes_come_out_in_the_order_they_came_in_however_they_are_consumed()
    {
        var sent = Enumerable.Range(0, 5000).Select(it => (byte)(it * 7)).ToArray();
        _client.Arrive(sent);
        _client.ArriveEnd();
        var received = new List<byte>();
        for (var take = 1; !(_buffer.HasEnded && _buffer.Unread.IsEmpty); take = take % 600 + 37)
        {
            _buffer.Fill(_client);
            var taken = _buffer.Unread[..Math.Min(take, _buffer.Unread.Length)].ToArray();
            received.AddRange(taken);
            _buffer.Consume(taken.Length);
        }

        Assert.Equal(sent, received);
    }

    [Fact]
    public void The_end_of_the_stream_is_noticed_behind_the_last_byte()
    {
        _client.Arrive([1, 2]);
        Assert.Equal(IoStatus.WouldBlock, _buffer.Fill(_client));
        Assert.False(_buffer.HasEnded);
        _client.ArriveEnd();
        Assert.Equal(IoStatus.EndOfStream, _buffer.Fill(_client));
        Assert.True(_buffer.HasEnded);
        Assert.Equal([1, 2], _buffer.Unread.ToArray());
    }

    [Fact]
    public void A_broken_connection_is_told_apart()
    {
        _client.ArriveReset();
        Assert.Equal(IoStatus.Failed, _buffer.Fill(_client));
    }

    [Fact]
    public void Nothing_is_left_after_release()
    {
        _client.Arrive([1, 2]);
        _buffer.Fill(_client);
        _buffer.Release();
        Assert.True(_buffer.Unread.IsEmpty);
        _buffer.Release();
        _client.Arrive([3]);
        _buffer.Fill(_client);
        Assert.Equal([3], _buffer.Unread.ToArray());
    }
}
