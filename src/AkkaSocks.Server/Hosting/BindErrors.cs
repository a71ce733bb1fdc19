using System.Net.Sockets;

namespace AkkaSocks.Server.Hosting;

/// <summary>Why an address could not be had, in words that say what to do.</summary>
internal static class BindErrors
{
    /// <summary>The words.</summary>
    public static string Words(this SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => "another process listens there; stop it, or choose another port (-p PORT, 0 for any)",
        SocketError.AccessDenied => "this user may not listen there; ports below 1024 need CAP_NET_BIND_SERVICE",
        SocketError.AddressNotAvailable => "this machine does not have that address",
        SocketError.AddressFamilyNotSupported => "this machine does not have that address family",
        _ => new SocketException((int)error).Message,
    };
}
