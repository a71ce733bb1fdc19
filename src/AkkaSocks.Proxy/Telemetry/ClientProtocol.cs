using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>What a client speaks, as it stands in logs and metric labels.</summary>
internal enum ClientProtocol : byte
{
    /// <summary>RFC 1928.</summary>
    Socks5,

    /// <summary>SOCKS4, 4A included.</summary>
    Socks4,

    /// <summary>RFC 9110, as a proxy's client.</summary>
    Http,
}

/// <summary>How a <see cref="ClientProtocol"/> is written outside C#.</summary>
internal static class ClientProtocols
{
    private static readonly string[] Labels = [.. Enum.GetNames<ClientProtocol>().Select(KebabCase.Of)];

    /// <summary>The name in kebab case.</summary>
    public static string ToLabel(this ClientProtocol protocol) => Labels[(int)protocol];
}
