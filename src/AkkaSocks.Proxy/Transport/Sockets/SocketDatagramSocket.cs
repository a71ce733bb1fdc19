using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Transport.Sockets;

/// <summary>A UDP socket over <see cref="Socket"/>. Readiness comes from a receive that only peeks, and into no buffer.</summary>
internal sealed class SocketDatagramSocket : DatagramSocket
{
    private const int SioUdpConnectionReset = -1744830452;

    // In a sockaddr the port stands at 2 and an address at 4 or, of IPv6, at 8, on every system; what precedes differs.
    private const int PortOffset = 2, IPv4Offset = 4, IPv6Offset = 8;

    private readonly Socket _socket;
    private readonly SocketAddress _sender, _destination;
    private readonly bool _ipv6;
    private readonly Lock _lock = new();
    private IConnectionOwner? _owner;
    private SocketAsyncEventArgs? _peek;
    private bool _watching, _closed;

    private SocketDatagramSocket(Socket socket)
    {
        _socket = socket;
        _ipv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        _sender = new SocketAddress(socket.AddressFamily);
        _destination = new SocketAddress(socket.AddressFamily);
        Local = (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <inheritdoc/>
    public override IPEndPoint Local { get; }

    /// <summary>Opens and binds one.</summary>
    /// <returns>The socket, or null with the system's reason.</returns>
    public static SocketDatagramSocket? Open(IPEndPoint local, out SocketError error)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            if (DescriptorReserve.Holds(socket.Handle))
                throw new SocketException((int)SocketError.TooManyOpenSockets);
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.ReceiveBufferSize = KernelBuffer;
            socket.SendBufferSize = KernelBuffer;

            // Windows would end a receive with the network's complaint about an earlier datagram.
            if (OperatingSystem.IsWindows())
                socket.IOControl(SioUdpConnectionReset, [0], null);
            socket.Bind(local);
            error = SocketError.Success;
            return new SocketDatagramSocket(socket);
        }
        catch (SocketException refused)
        {
            socket?.Dispose();
            error = refused.SocketErrorCode;
            return null;
        }
    }

    /// <summary>Whether there is a route: connecting a UDP socket looks for one and sends nothing.</summary>
    public static bool HasRoute(IPEndPoint remote)
    {
        try
        {
            using var socket = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(remote);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Watch(IConnectionOwner owner)
    {
        bool ready;
        lock (_lock)
        {
            _owner = owner;
            ready = WaitReadable();
        }

        if (ready)
            owner.OnReady(Readiness.Readable);
    }

    /// <inheritdoc/>
    public override bool Receive(DatagramBatch batch)
    {
        lock (_lock)
        {
            batch.Clear();
            while (!_closed && batch.Count < DatagramBatch.Capacity)
            {
                if (TryReceive(batch))
                    continue;

                // Ready again before waiting had begun: what has come is taken now.
                if (!WaitReadable())
                    return false;
            }

            return !_closed;
        }
    }

    /// <inheritdoc/>
    public override int Send(DatagramBatch batch, int first, int count)
    {
        lock (_lock)
        {
            var sent = 0;
            for (var i = first; i < first + count; i++)
            {
                ref var datagram = ref batch[i];
                datagram.Error = TrySend(batch.Bytes(datagram.Start - datagram.Header, datagram.Size), datagram.Address);
                if (datagram.Error == SocketError.Success)
                    sent++;
            }

            return sent;
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        lock (_lock)
        {
            _owner = null;
            if (_closed)
                return;
            _closed = true;
            _socket.Dispose();
            if (!_watching)
                _peek?.Dispose();
        }
    }

    private bool TryReceive(DatagramBatch batch)
    {
        var start = DatagramBatch.StartOf(batch.Count);
        try
        {
            if (_socket.Available == 0 && !_socket.Poll(0, SelectMode.SelectRead))
                return false;
            _sender.Size = _sender.Buffer.Length;
            var length = _socket.ReceiveFrom(batch.Bytes(start, DatagramBatch.MaxDatagram), SocketFlags.None, _sender);
            batch.Add(new Datagram { Start = start, Length = length, Address = Sender() });
            return true;
        }
        catch (SocketException failed)
        {
            // Anything but "nothing there" is the network's complaint about an earlier datagram.
            return failed.SocketErrorCode is not (SocketError.WouldBlock or SocketError.OperationAborted or SocketError.NotSocket);
        }
    }

    private SocketError TrySend(ReadOnlySpan<byte> bytes, DatagramAddress to)
    {
        if (_closed)
            return SocketError.OperationAborted;
        var address = _destination.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(address[PortOffset..], to.Port);
        if (_ipv6)
            BinaryPrimitives.WriteUInt128BigEndian(address[IPv6Offset..], to.Number);
        else
            BinaryPrimitives.WriteUInt32BigEndian(address[IPv4Offset..], (uint)to.Number);
        try
        {
            _socket.SendTo(bytes, SocketFlags.None, _destination);
            return SocketError.Success;
        }
        catch (SocketException failed)
        {
            return failed.SocketErrorCode;
        }
    }

    private DatagramAddress Sender()
    {
        var address = _sender.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[PortOffset..]);
        return _ipv6
            ? new DatagramAddress(BinaryPrimitives.ReadUInt128BigEndian(address[IPv6Offset..]), port)
            : DatagramAddress.OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(address[IPv4Offset..]), port);
    }

    /// <summary>Arms the peeking receive unless it is armed.</summary>
    /// <returns>True when there is something to receive already.</returns>
    private bool WaitReadable()
    {
        if (_watching || _closed || _owner is null)
            return false;
        if (_peek is null)
        {
            _peek = new SocketAsyncEventArgs(true) { SocketFlags = SocketFlags.Peek };
            _peek.SetBuffer(Memory<byte>.Empty);
            _peek.Completed += (_, _) => BecameReadable();
        }

        _watching = true;
        if (_socket.ReceiveAsync(_peek))
            return false;
        _watching = false;
        return true;
    }

    private void BecameReadable()
    {
        IConnectionOwner? owner;
        lock (_lock)
        {
            _watching = false;
            if (_closed)
                _peek?.Dispose();
            owner = _owner;
        }

        owner?.OnReady(Readiness.Readable);
    }
}
