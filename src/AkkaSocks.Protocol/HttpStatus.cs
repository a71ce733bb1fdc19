namespace AkkaSocks.Protocol;

/// <summary>The status codes (RFC 9110 §15) that the proxy itself answers with.</summary>
public enum HttpStatus : ushort
{
    /// <summary>200: for CONNECT, the tunnel stands.</summary>
    Ok = 200,

    /// <summary>400: the head is not one that may stand here.</summary>
    BadRequest = 400,

    /// <summary>403: the destination, or this use of the proxy, is not allowed.</summary>
    Forbidden = 403,

    /// <summary>407: credentials are wanted, or were wrong.</summary>
    ProxyAuthenticationRequired = 407,

    /// <summary>408: the head did not arrive in time.</summary>
    RequestTimeout = 408,

    /// <summary>414: the request line is longer than is read.</summary>
    UriTooLong = 414,

    /// <summary>429: the user has as many sessions as it may have.</summary>
    TooManyRequests = 429,

    /// <summary>431: the fields are longer, or more, than are read.</summary>
    HeadTooLarge = 431,

    /// <summary>501: not something this proxy does.</summary>
    NotImplemented = 501,

    /// <summary>502: the destination could not be found or reached.</summary>
    BadGateway = 502,

    /// <summary>503: this proxy cannot, at the moment.</summary>
    ServiceUnavailable = 503,

    /// <summary>504: the destination did not answer in time.</summary>
    GatewayTimeout = 504,

    /// <summary>505: neither HTTP/1.0 nor HTTP/1.1.</summary>
    VersionNotSupported = 505,
}
