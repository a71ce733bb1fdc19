namespace AkkaSocks.Proxy.Settings;

/// <summary><c>listeners.NAME.tls</c>: TLS in front of whatever the listener speaks.</summary>
internal sealed record ListenerTlsSettings
{
    /// <summary><c>mode</c>: never <see cref="TlsMode.Off"/> here.</summary>
    public required TlsMode Mode { get; init; }

    /// <summary><c>certificate</c>: a PEM file with the server's certificate and those between it and its authority.</summary>
    public required string Certificate { get; init; }

    /// <summary><c>key</c>: a PEM file with its private key; the certificate's file where none is named.</summary>
    public required string Key { get; init; }

    /// <summary><c>client-auth</c>.</summary>
    public required ClientAuth ClientAuth { get; init; }

    /// <summary><c>client-ca</c>: a PEM file with the authorities that sign clients; empty without client certificates.</summary>
    public required string ClientCa { get; init; }

    /// <summary><c>identity-from</c>: where a client's certificate has the name of the user.</summary>
    public required IdentityField IdentityFrom { get; init; }

    /// <summary><c>min-version</c>.</summary>
    public required TlsVersion MinVersion { get; init; }
}

/// <summary>An entry of <c>tls.mode</c>.</summary>
internal enum TlsMode
{
    /// <summary>No TLS.</summary>
    Off,

    /// <summary>TLS where the client begins with it.</summary>
    Optional,

    /// <summary>Nothing but TLS.</summary>
    Required,
}

/// <summary>An entry of <c>tls.client-auth</c>.</summary>
internal enum ClientAuth
{
    /// <summary>No certificate is asked for.</summary>
    None,

    /// <summary>A client that shows one is logged in by it; the others log in as elsewhere.</summary>
    Request,

    /// <summary>A client without one gets no further.</summary>
    Require,
}

/// <summary>An entry of <c>tls.identity-from</c>.</summary>
internal enum IdentityField
{
    /// <summary>The common name of the subject.</summary>
    Cn,

    /// <summary>The URI among the subject's alternative names.</summary>
    SanUri,

    /// <summary>The e-mail address among the subject's alternative names.</summary>
    SanEmail,
}

/// <summary>An entry of <c>tls.min-version</c>.</summary>
internal enum TlsVersion
{
    /// <summary>TLS 1.2 (RFC 5246).</summary>
    Tls12,

    /// <summary>TLS 1.3 (RFC 8446).</summary>
    Tls13,
}
