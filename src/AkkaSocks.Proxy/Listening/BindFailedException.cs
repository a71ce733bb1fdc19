using System.Net.Sockets;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Listening;

/// <summary>A listener could not be bound, so the node did not start.</summary>
internal sealed class BindFailedException(ListenerSettings listener, SocketException cause)
    : StartFailedException($"listener {listener.Name} cannot listen on {listener.Endpoint}: {cause.Message}", cause)
{
    /// <summary>Which listener.</summary>
    public ListenerSettings Listener => listener;

    /// <summary>Why.</summary>
    public SocketError Error => cause.SocketErrorCode;
}
