using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>Messages as octets, written down here once more and not taken from the codec: the tests are about these.</summary>
internal static class Wire
{
    /// <summary>05 01 00.</summary>
    public static readonly byte[] GreetingWithoutAuthentication = [5, 1, 0];

    /// <summary>05 01 02.</summary>
    public static readonly byte[] GreetingWithPassword = [5, 1, 2];

    /// <summary>RFC 1929 §2.</summary>
    public static byte[] Login(byte[] user, byte[] password) =>
        [1, (byte)user.Length, .. user, (byte)password.Length, .. password];

    /// <summary>RFC 1929 §2.</summary>
    public static byte[] Login(string user, string password) =>
        Login(Encoding.UTF8.GetBytes(user), Encoding.UTF8.GetBytes(password));

    /// <summary>Greeting, alice's login and CONNECT, all at once.</summary>
    public static byte[] AliceTo(IPEndPoint destination) =>
        [.. GreetingWithPassword, .. Login("alice", "s3cret"), .. Connect(destination)];

    /// <summary>CONNECT to an address.</summary>
    public static byte[] Connect(IPEndPoint destination) =>
        [5, 1, 0, .. Address(destination)];

    /// <summary>CONNECT to a name of any octets.</summary>
    public static byte[] Connect(byte[] name, int port) => [5, 1, 0, 3, (byte)name.Length, .. name, .. Port(port)];

    /// <summary>CONNECT to a name.</summary>
    public static byte[] Connect(string name, int port) => Connect(Encoding.Latin1.GetBytes(name), port);

    /// <summary>A request of SOCKS4.</summary>
    public static byte[] Socks4(byte command, IPEndPoint destination, string user = "") =>
        [4, command, .. Port(destination.Port), .. destination.Address.GetAddressBytes(), .. Encoding.Latin1.GetBytes(user), 0];

    /// <summary>A request of SOCKS4A.</summary>
    public static byte[] Socks4A(byte command, string name, int port, byte last = 1) =>
        [4, command, .. Port(port), 0, 0, 0, last, 0, .. Encoding.Latin1.GetBytes(name), 0];

    /// <summary>SOCKS4's refusal.</summary>
    public static readonly byte[] Socks4Refusal = [0, 0x5B, 0, 0, 0, 0, 0, 0];

    /// <summary>A request of SOCKS5 with any command.</summary>
    public static byte[] Request(byte command, IPEndPoint destination) => [5, command, 0, .. Address(destination)];

    /// <summary>What version 2 of the PROXY protocol begins with.</summary>
    public static readonly byte[] ProxyV2Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>The PROXY protocol, version 2, TCP over IPv4 or IPv6.</summary>
    public static byte[] ProxyV2(IPEndPoint client, IPEndPoint destination, params byte[] more)
    {
        byte[] addresses = [.. client.Address.GetAddressBytes(), .. destination.Address.GetAddressBytes()];
        return
        [
            .. ProxyV2Signature, 0x21, addresses.Length == 8 ? (byte)0x11 : (byte)0x21, .. Port(addresses.Length + 4 + more.Length),
            .. addresses, .. Port(client.Port), .. Port(destination.Port), .. more,
        ];
    }

    /// <summary>A reply that refuses: ten bytes, whatever was asked.</summary>
    public static byte[] Refusing(byte code) => [5, code, 0, 1, 0, 0, 0, 0, 0, 0];

    /// <summary>A reply that grants, with the address the destination sees.</summary>
    public static byte[] Granting(IPEndPoint bound) =>
        [5, 0, 0, .. Address(bound)];

    /// <summary>ATYP, address and port.</summary>
    public static byte[] Address(IPEndPoint endpoint)
    {
        var octets = endpoint.Address.GetAddressBytes();
        return [octets.Length == 4 ? (byte)1 : (byte)4, .. octets, .. Port(endpoint.Port)];
    }

    private static byte[] Port(int port)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)port);
        return bytes;
    }
}
