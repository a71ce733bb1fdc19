using System.Security.Authentication;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Mitm.Interception;

/// <summary>Tells what the network does from what a defect does.</summary>
internal static class TunnelEnds
{
    /// <summary>A connection that broke, or was ended while somebody waited for it: no defect, and told elsewhere.</summary>
    /// <remarks>A pipe that was completed meanwhile says InvalidOperation.</remarks>
    public static bool IsOfTheNetwork(Exception cause) => cause is IOException or OperationCanceledException or ObjectDisposedException
        or InvalidOperationException or AuthenticationException or DialRefusedException;
}
