using System.Net;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>listeners.NAME.proxy-protocol</c>, and <c>listener-defaults.proxy-protocol</c> to find its mistakes.</summary>
internal static class ProxyProtocolReader
{
    /// <summary>Reads the section of a listener.</summary>
    /// <returns>Null where its mode is off.</returns>
    public static ProxyProtocolSettings? Read(ConfigSection section)
    {
        var settings = ReadUnchecked(section);
        if (settings.Mode == ProxyProtocolMode.Off)
            return null;
        if (settings.Trusted.IsEmpty)
        {
            section.Refuse("trusted", "whoever may name the client's address gets round limits and bans: "
                + "expected the networks of your load balancers, such as [\"10.0.0.0/8\"]");
        }

        return settings;
    }

    /// <summary>Reads the section without a look at what must go together.</summary>
    public static ProxyProtocolSettings ReadUnchecked(ConfigSection section) => new()
    {
        Mode = section.Value<ProxyProtocolMode>("mode", ScalarText.ReadName),
        Trusted = section.List<IPNetwork>("trusted", "[\"10.0.0.0/8\"]", NetworkText.Read),
    };
}
