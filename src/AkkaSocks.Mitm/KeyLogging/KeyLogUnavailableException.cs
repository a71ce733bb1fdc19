using AkkaSocks.Proxy.Listening;

namespace AkkaSocks.Mitm.KeyLogging;

/// <summary>The file of <c>mitm.key-log</c> cannot be written as it must be, so the node did not start.</summary>
internal sealed class KeyLogUnavailableException(string message, Exception cause)
    : StartFailedException($"mitm.key-log: {message}", cause)
{
    /// <summary>For a reason that no other exception has told.</summary>
    public KeyLogUnavailableException(string message)
        : this(message, new InvalidOperationException(message))
    {
    }
}
