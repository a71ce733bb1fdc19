using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Epoll;
using AkkaSocks.Proxy.Transport.Sockets;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A transport without a node: connections as the actors see them, far ends as sockets of the test.</summary>
internal sealed class TransportPair : IAcceptor, IDisposable
{
    private readonly NetworkTransport _transport;
    private readonly ListenSocket _listener;
    private readonly Channel<Connection> _accepted = Channel.CreateUnbounded<Connection>();

    public TransportPair(bool epoll)
    {
        _transport = epoll ? new EpollTransport(1, Defects.Add) : new SocketTransport();
        _listener = _transport.Listen(new IPEndPoint(IPAddress.Loopback, 0), 16, this);
    }

    /// <summary>Exceptions that reached the loop.</summary>
    public List<Exception> Defects { get; } = [];

    /// <summary>The only lane.</summary>
    public Lane Lane => _transport.Lanes[0];

    /// <summary>Runs where the lane's connections may be used.</summary>
    public Task<T> OnLane<T>(Func<T> work)
    {
        if (Lane is not EpollLane lane)
            return Task.FromResult(work());
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lane.Loop.Post(new Posted(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }));
        return done.Task.InTime();
    }

    /// <summary>Runs where the lane's connections may be used.</summary>
    public Task OnLane(Action work) => OnLane(() =>
    {
        work();
        return true;
    });

    /// <summary>An accepted connection, watched by <paramref name="owner"/>, and its client.</summary>
    public async Task<(Connection Connection, Socket FarEnd)> AcceptAsync(IConnectionOwner owner)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(_listener.Bound).InTime();
        var connection = await _accepted.Reader.ReadAsync().AsTask().InTime();
        await OnLane(() => connection.Watch(owner));
        return (connection, client);
    }

    /// <summary>A dialed connection, connected.</summary>
    public async Task<(Connection Connection, Socket FarEnd)> DialAsync(WaitingOwner owner)
    {
        using var origin = new Origin();
        var connection = await OnLane(() => Lane.Dial(origin.Endpoint, owner, out _)!);
        await UntilAsync(owner, () => connection.ConnectOutcome() != SocketError.InProgress);
        return (connection, await origin.AcceptAsync());
    }

    /// <summary>Asks whenever the owner is signalled, until <paramref name="condition"/> holds.</summary>
    public async Task UntilAsync(WaitingOwner owner, Func<bool> condition)
    {
        while (!await OnLane(condition))
            await owner.SignalAsync();
    }

    public void OnAccepted(Connection connection, Lane lane) => _accepted.Writer.TryWrite(connection);

    public void OnAcceptPaused(SocketError error, TimeSpan pause)
    {
    }

    public void Dispose()
    {
        _listener.Close();
        _transport.Dispose();
    }
}

/// <summary>An owner that can be waited with.</summary>
internal sealed class WaitingOwner : IConnectionOwner
{
    private readonly SemaphoreSlim _signals = new(0);
    private int _count;

    /// <summary>Signals so far.</summary>
    public int Count => Volatile.Read(ref _count);

    public Task SignalAsync() => _signals.WaitAsync().InTime();

    public void OnReady(Readiness readiness)
    {
        Interlocked.Increment(ref _count);
        _signals.Release();
    }
}
