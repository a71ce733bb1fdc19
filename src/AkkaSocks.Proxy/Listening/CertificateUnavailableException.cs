namespace AkkaSocks.Proxy.Listening;

/// <summary>The TLS files of a listener cannot be used, so the node did not start.</summary>
internal sealed class CertificateUnavailableException(string listener, Exception cause)
    : StartFailedException($"listeners.{listener}.tls: {cause.Message}", cause)
{
    /// <summary>Which listener.</summary>
    public string Listener => listener;
}
