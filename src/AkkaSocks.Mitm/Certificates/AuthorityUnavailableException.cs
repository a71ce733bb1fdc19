using AkkaSocks.Proxy.Listening;

namespace AkkaSocks.Mitm.Certificates;

/// <summary>The authority of <c>mitm.ca</c> cannot be used, so the node did not start.</summary>
internal sealed class AuthorityUnavailableException(string message, Exception cause)
    : StartFailedException($"mitm.ca: {message}", cause)
{
    /// <summary>For a reason that no other exception has told.</summary>
    public AuthorityUnavailableException(string message)
        : this(message, new InvalidOperationException(message))
    {
    }
}
