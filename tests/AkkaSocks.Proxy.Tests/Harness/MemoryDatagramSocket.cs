using System.Net;
using System.Net.Sockets;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A UDP socket whose network is the test.</summary>
internal sealed class MemoryDatagramSocket(IPEndPoint local, IoFaults? faults) : DatagramSocket
{
    private readonly Queue<(DatagramAddress From, byte[] Bytes)> _arrived = new();
    private IConnectionOwner? _owner;

    /// <summary>What was sent, in order.</summary>
    public List<(DatagramAddress To, byte[] Bytes)> Sent { get; } = [];

    public bool IsClosed { get; private set; }

    public override IPEndPoint Local => local;

    /// <summary>A datagram comes.</summary>
    public void Arrive(DatagramAddress from, byte[] bytes)
    {
        lock (_arrived)
            _arrived.Enqueue((from, bytes));
        _owner?.OnReady(Readiness.Readable);
    }

    public override void Watch(IConnectionOwner owner) => _owner = owner;

    public override bool Receive(DatagramBatch batch)
    {
        faults?.Strikes();
        batch.Count = 0;
        lock (_arrived)
        {
            while (batch.Count < DatagramBatch.Capacity && _arrived.TryDequeue(out var datagram))
            {
                var start = DatagramBatch.StartOf(batch.Count);
                datagram.Bytes.CopyTo(batch.Bytes(start, datagram.Bytes.Length));
                batch[batch.Count++] = new Datagram { Start = start, Length = datagram.Bytes.Length, Address = datagram.From };
            }
        }

        return batch.Count == DatagramBatch.Capacity;
    }

    public override int Send(DatagramBatch batch, int first, int count)
    {
        var sent = 0;
        for (var i = first; i < first + count; i++)
        {
            if (faults?.Strikes() == true)
            {
                batch[i].Error = SocketError.WouldBlock;
                continue;
            }

            Sent.Add((batch[i].Address, batch.BytesOf(batch[i]).ToArray()));
            sent++;
        }

        return sent;
    }

    public override void Close()
    {
        IsClosed = true;
        _owner = null;
    }
}
