namespace AkkaSocks.Proxy.Listening;

/// <summary>The file of a log cannot be written, so the node did not start.</summary>
internal sealed class LogUnavailableException(string key, string file, Exception cause)
    : StartFailedException($"{key}: cannot write {file}: {cause.Message}", cause);
