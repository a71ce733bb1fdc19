namespace AkkaSocks.Proxy.Listening;

/// <summary>The node did not start, for a reason that its operator can mend: the message is one line and says which.</summary>
internal abstract class StartFailedException(string message, Exception cause) : Exception(message, cause);
