using System.Runtime.InteropServices;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// What the UDP sockets of one loop share: the batch that their datagrams pass through, and the headers that the system calls
/// want. Those for receiving always point at the same places, so that a call only has to mend what the call before has changed.
/// </summary>
internal sealed unsafe class DatagramBuffers : IDisposable
{
    private const int Places = DatagramBatch.Capacity;

    // Of one call that sends: messages, and the pieces that their datagrams lie in.
    private const int MostMessages = 32, MostPieces = 512;

    // Linux 4.18 to 6.8 cut one message into no more (UDP_MAX_SEGMENTS).
    private const int MostTogether = 64;

    // Sent together are only datagrams that any path takes in one piece: longer ones the kernel would refuse to cut to size.
    private const int LongestTogether = 1400;

    // Together they must fit into the length field of UDP.
    private const int MostBytesTogether = 65_000;

    private readonly DatagramHeader* _received = Zeroed<DatagramHeader>(Places), _sending = Zeroed<DatagramHeader>(MostMessages);
    private readonly SocketAddress* _senders = Zeroed<SocketAddress>(Places), _destinations = Zeroed<SocketAddress>(MostMessages);
    private readonly IoVector* _places = Zeroed<IoVector>(Places), _pieces = Zeroed<IoVector>(MostPieces);
    private readonly SegmentLength* _runs = Zeroed<SegmentLength>(Places), _cuts = Zeroed<SegmentLength>(MostMessages);
    private readonly int[] _together = new int[MostMessages];

    /// <summary>Points every header at its place.</summary>
    public DatagramBuffers()
    {
        for (var i = 0; i < Places; i++)
        {
            _places[i] = new IoVector { Start = Batch.At(DatagramBatch.StartOf(i)), Length = DatagramBatch.MaxDatagram };
            _received[i].Message = new MessageHeader { Address = _senders + i, Vector = _places + i, VectorCount = 1, Control = _runs + i };
            MakeReady(ref _received[i].Message);
        }

        for (var i = 0; i < MostMessages; i++)
            _sending[i].Message.Address = _destinations + i;
    }

    /// <summary>The batch: used within a single call into an actor.</summary>
    public DatagramBatch Batch { get; } = new();

    /// <summary>The headers to receive with, one for each place of <see cref="Batch"/>.</summary>
    public DatagramHeader* Receiving => _received;

    /// <summary>The headers that <see cref="Pack"/> has made.</summary>
    public DatagramHeader* Sending => _sending;

    /// <summary>How many datagrams a header of <see cref="Sending"/> sends.</summary>
    public int Datagrams(int header) => _together[header];

    /// <summary>Takes what was received over into the batch, and makes the headers ready for the next call.</summary>
    public void Take(int messages)
    {
        Batch.Clear();
        for (var i = 0; i < messages; i++)
        {
            var (start, length) = (DatagramBatch.StartOf(i), (int)_received[i].Length);
            var end = start + length;
            var each = _received[i].Message.ControlLength > 0 && _runs[i].OfRun is { } of and > 0 ? of : length;
            var sender = SocketAddress.Read(_senders + i);
            do
            {
                Batch.Add(new Datagram { Start = start, Length = Math.Min(each, end - start), Address = sender });
                start += each;
            }
            while (start < end);
            MakeReady(ref _received[i].Message);
        }
    }

    /// <summary>
    /// Makes the headers that send these datagrams of the batch, as many as one call can send. Neighbours of one length to one address
    /// share a header: the kernel takes them as one, looks up the route once, and cuts them apart at the last moment (UDP_SEGMENT,
    /// Linux 4.18).
    /// </summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="ipv6">The socket's addresses are of IPv6.</param>
    /// <param name="singlyUntil">Those before this one get a header each.</param>
    /// <returns>How many headers.</returns>
    public int Pack(int first, int count, bool ipv6, int singlyUntil)
    {
        var (messages, pieces) = (0, 0);
        for (int at = first, end = first + count, run; at < end && messages < MostMessages; at += run, messages++)
        {
            run = at < singlyUntil ? 1 : RunAt(at, end - at);
            if (pieces + (2 * run) > MostPieces)
                break;
            ref var head = ref Batch[at];
            ref var message = ref _sending[messages].Message;
            message.Vector = _pieces + pieces;
            for (var n = at; n < at + run; n++)
                pieces += Place(_pieces + pieces, Batch[n]);
            message.VectorCount = (nint)(_pieces + pieces - message.Vector);
            SocketAddress.Write(message.Address, head.Address, ipv6);
            message.AddressLength = (uint)(ipv6 ? SocketAddress.SizeV6 : SocketAddress.SizeV4);
            _cuts[messages] = SegmentLength.Of(head.Size);
            _together[messages] = run;
            message.Control = run > 1 ? _cuts + messages : null;
            message.ControlLength = run > 1 ? sizeof(SegmentLength) : 0;
        }

        return messages;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Batch.Dispose();
        NativeMemory.Free(_received);
        NativeMemory.Free(_sending);
        NativeMemory.Free(_senders);
        NativeMemory.Free(_destinations);
        NativeMemory.Free(_places);
        NativeMemory.Free(_pieces);
        NativeMemory.Free(_runs);
        NativeMemory.Free(_cuts);
    }

    /// <summary>Points at a datagram, of which only the first of a run has its header right before it.</summary>
    /// <returns>How many pieces that took.</returns>
    private int Place(IoVector* piece, in Datagram datagram)
    {
        if (datagram.IsWhole)
        {
            *piece = new IoVector { Start = Batch.At(datagram.Start - datagram.Header), Length = datagram.Size };
            return 1;
        }

        piece[0] = new IoVector { Start = Batch.At(datagram.HeaderStart), Length = datagram.Header };
        piece[1] = new IoVector { Start = Batch.At(datagram.Start), Length = datagram.Length };
        return 2;
    }

    private int RunAt(int first, int most)
    {
        ref var head = ref Batch[first];
        if (head.Size is 0 or > LongestTogether)
            return 1;
        most = Math.Min(most, Math.Min(MostTogether, MostBytesTogether / head.Size));
        var run = 1;
        while (run < most)
        {
            ref var next = ref Batch[first + run];
            if (next.Size == 0 || next.Size > head.Size || next.Address != head.Address)
                break;
            run++;

            // A shorter one can only be the last: what is behind it would be cut at the wrong place.
            if (next.Size < head.Size)
                break;
        }

        return run;
    }

    // What the kernel has changed of it.
    private static void MakeReady(ref MessageHeader message) =>
        (message.AddressLength, message.ControlLength) = (SocketAddress.Capacity, sizeof(SegmentLength));

    private static T* Zeroed<T>(int count)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));
}
