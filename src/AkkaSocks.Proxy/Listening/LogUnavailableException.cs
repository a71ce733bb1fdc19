namespace AkkaSocks.Proxy.Listening;

/// <summary>The session log's file cannot be written, so the node did not start.</summary>
internal sealed class LogUnavailableException(string file, Exception cause)
    : StartFailedException($"log.sessions.file: cannot write {file}: {cause.Message}", cause);
