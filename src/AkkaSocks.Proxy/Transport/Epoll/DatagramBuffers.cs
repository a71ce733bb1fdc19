using System.Runtime.InteropServices;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// What the UDP sockets of one loop share: the batch that their datagrams pass through, and the headers that the system calls
/// want. Those for receiving always point at the same places, so that a call only has to mend what the call before has changed.
/// </summary>
internal sealed unsafe class DatagramBuffers : IDisposable
{
    private const int Count = DatagramBatch.Capacity;

    // Sent together are only datagrams that any path takes in one piece: longer ones the kernel would refuse to cut to size.
    private const int LongestTogether = 1400;

    // Together they must fit into the length field of UDP.
    private const int MostBytesTogether = 65_000;

    private readonly SocketAddress* _addresses = (SocketAddress*)NativeMemory.AllocZeroed(2 * Count, (nuint)sizeof(SocketAddress));
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.AllocZeroed(2 * Count, (nuint)sizeof(IoVector));
    private readonly DatagramHeader* _headers = (DatagramHeader*)NativeMemory.AllocZeroed(2 * Count, (nuint)sizeof(DatagramHeader));
    private readonly SegmentLength* _segments = (SegmentLength*)NativeMemory.AllocZeroed(Count, (nuint)sizeof(SegmentLength));
    private readonly int[] _together = new int[Count];

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

    /// <summary>The headers that <see cref="Pack"/> has made.</summary>
    public DatagramHeader* Sending => _headers + Count;

    /// <summary>How many datagrams a header of <see cref="Sending"/> sends.</summary>
    public int Datagrams(int header) => _together[header];

    /// <summary>
    /// Makes the headers that send these datagrams of the batch. Neighbours of one length to one address share a header: the kernel
    /// takes them as one, looks up the route once, and cuts them apart at the last moment (UDP_SEGMENT, Linux 4.18).
    /// </summary>
    /// <returns>How many headers.</returns>
    public int Pack(int first, int count, bool ipv6, bool together)
    {
        var length = (uint)(ipv6 ? SocketAddress.SizeV6 : SocketAddress.SizeV4);
        var headers = 0;
        for (int i = 0, run; i < count; i += run, headers++)
        {
            run = together ? RunAt(first + i, count - i) : 1;
            ref var head = ref Batch[first + i];
            for (var n = i; n < i + run; n++)
                _vectors[Count + n] = new IoVector { Start = Batch.At(Batch[first + n].Start), Length = Batch[first + n].Length };
            SocketAddress.Write(_addresses + Count + headers, head.Address, ipv6);
            _segments[headers] = SegmentLength.Of(head.Length);
            _together[headers] = run;
            ref var message = ref Sending[headers].Message;
            message.AddressLength = length;
            message.Vector = _vectors + Count + i;
            message.VectorCount = run;
            message.Control = run > 1 ? _segments + headers : null;
            message.ControlLength = run > 1 ? sizeof(SegmentLength) : 0;
        }

        return headers;
    }

    private int RunAt(int first, int most)
    {
        ref var head = ref Batch[first];
        if (head.Length is 0 or > LongestTogether)
            return 1;
        var (run, bytes) = (1, head.Length);
        while (run < most)
        {
            ref var next = ref Batch[first + run];
            if (next.Length == 0 || next.Length > head.Length || next.Address != head.Address || bytes + next.Length > MostBytesTogether)
                break;
            bytes += next.Length;
            run++;

            // A shorter one can only be the last: what is behind it would be cut at the wrong place.
            if (next.Length < head.Length)
                break;
        }

        return run;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Batch.Dispose();
        NativeMemory.Free(_headers);
        NativeMemory.Free(_segments);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_addresses);
    }
}
