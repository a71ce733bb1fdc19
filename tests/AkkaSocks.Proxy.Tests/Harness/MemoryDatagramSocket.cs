using System.Net;
using System.Net.Sockets;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A UDP socket whose network is the test.</summary>
internal sealed class MemoryDatagramSocket(IPEndPoint local, bool inRuns, IoFaults? faults) : DatagramSocket
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
        batch.Clear();
        lock (_arrived)
        {
            var place = 0;
            for (; place < DatagramBatch.Capacity && _arrived.TryDequeue(out var datagram); place++)
            {
                var start = DatagramBatch.StartOf(place);
                Put(batch, start, datagram.From, datagram.Bytes);
                while (inRuns && _arrived.TryPeek(out var next) && next.From == datagram.From && next.Bytes.Length == datagram.Bytes.Length)
                    Put(batch, start += next.Bytes.Length, next.From, _arrived.Dequeue().Bytes);
            }

            return place == DatagramBatch.Capacity;
        }
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

            Sent.Add((batch[i].Address, [.. batch.Bytes(batch[i].HeaderStart, batch[i].Header), .. batch.BytesOf(batch[i])]));
            sent++;
        }

        return sent;
    }

    public override void Close()
    {
        IsClosed = true;
        _owner = null;
    }

    private static void Put(DatagramBatch batch, int start, DatagramAddress from, byte[] bytes)
    {
        bytes.CopyTo(batch.Bytes(start, bytes.Length));
        batch.Add(new Datagram { Start = start, Length = bytes.Length, Address = from });
    }
}
