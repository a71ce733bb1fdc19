using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace AkkaSocks.Mitm.Interception;

/// <summary>Tells Kestrel that a connection has come out of TLS, which makes its scheme https, and what was agreed on there.</summary>
/// <param name="isHttp2">HTTP/2 was; without, Kestrel takes no HTTP/2.</param>
internal sealed class InsideTls(bool isHttp2) : ITlsConnectionFeature, ITlsApplicationProtocolFeature
{
    /// <inheritdoc/>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ApplicationProtocol { get; } = isHttp2 ? "h2"u8.ToArray() : "http/1.1"u8.ToArray();

    /// <inheritdoc/>
    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
}
