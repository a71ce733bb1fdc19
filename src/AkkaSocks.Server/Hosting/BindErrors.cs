using System.Net.Sockets;

namespace AkkaSocks.Server.Hosting;

/// <summary>Why an address could not be had, in words that say what to do.</summary>
internal static class BindErrors
{
    /// <summary>The words.</summary>
    /// <param name="error">What the system said.</param>
    /// <param name="otherwise">What to choose instead of an address that another process has.</param>
    public static string Words(this SocketError error, string otherwise) => error switch
    {
        SocketError.AddressAlreadyInUse => $"another process listens there; stop it, or choose {otherwise}",
        SocketError.AccessDenied => "this user may not listen there; ports below 1024 need CAP_NET_BIND_SERVICE",
        SocketError.AddressNotAvailable => "this machine does not have that address",
        SocketError.AddressFamilyNotSupported => "this machine does not have that address family",
        _ => new SocketException((int)error).Message,
    };
}
