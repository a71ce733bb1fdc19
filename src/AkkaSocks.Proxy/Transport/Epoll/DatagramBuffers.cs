using System.Runtime.InteropServices;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// What the UDP sockets of one loop share: the batch that their datagrams pass through, and the headers that the system calls
/// want. Those for receiving always point at the same places, so that a call only has to mend what the call before has changed.
/// </summary>
internal sealed unsafe class DatagramBuffers : IDisposable
{
    private const int Count = DatagramBatch.Capacity;

    private readonly SocketAddress* _addresses = (SocketAddress*)NativeMemory.AllocZeroed(2 * Count, (nuint)sizeof(SocketAddress));
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.AllocZeroed(2 * Count, (nuint)sizeof(IoVector));
    private readonly DatagramHeader* _headers = (DatagramHeader*)NativeMemory.AllocZeroed(2 * Count, (nuint)sizeof(DatagramHeader));

    /// <summary>Points every header at its place.</summary>
    public DatagramBuffers()
    {
        for (var i = 0; i < 2 * Count; i++)
        {
            _headers[i].Message = new MessageHeader
            {
                Address = _addresses + i,
                AddressLength = SocketAddress.Capacity,
                Vector = _vectors + i,
                VectorCount = 1,
            };
        }

        for (var i = 0; i < Count; i++)
            _vectors[i] = new IoVector { Start = Batch.At(DatagramBatch.StartOf(i)), Length = DatagramBatch.MaxDatagram };
    }

    /// <summary>The batch: used within a single call into an actor.</summary>
    public DatagramBatch Batch { get; } = new();

    /// <summary>The headers to receive with, one for each place of <see cref="Batch"/>.</summary>
    public DatagramHeader* Receiving => _headers;

    /// <summary>Takes what was received over into the batch, and makes the headers ready for the next call.</summary>
    public void Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            ref var datagram = ref Batch[i];
            datagram.Start = DatagramBatch.StartOf(i);
            datagram.Length = (int)_headers[i].Length;
            datagram.Address = SocketAddress.Read(_addresses + i);
            _headers[i].Message.AddressLength = SocketAddress.Capacity;
        }

        Batch.Count = count;
    }

    /// <summary>The headers that send these datagrams of the batch.</summary>
    public DatagramHeader* Sending(int first, int count, bool ipv6)
    {
        var length = (uint)(ipv6 ? SocketAddress.SizeV6 : SocketAddress.SizeV4);
        for (var i = 0; i < count; i++)
        {
            ref var datagram = ref Batch[first + i];
            SocketAddress.Write(_addresses + Count + i, datagram.Address, ipv6);
            _vectors[Count + i] = new IoVector { Start = Batch.At(datagram.Start), Length = datagram.Length };
            _headers[Count + i].Message.AddressLength = length;
        }

        return _headers + Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Batch.Dispose();
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_addresses);
    }
}
