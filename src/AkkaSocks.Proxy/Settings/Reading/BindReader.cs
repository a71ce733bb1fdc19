using System.Net;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.bind</c>.</summary>
internal static class BindReader
{
    /// <summary>Reads the section.</summary>
    public static BindSettings Read(ConfigSection bind) => new()
    {
        Enabled = bind.Value<bool>("enabled", ScalarText.ReadFlag),
        Timeout = bind.Value("timeout", DurationText.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1))),
        Ports = bind.Value<PortRange?>("ports", PortRangeText.Read),
        AllowAnyPeer = bind.Value<bool>("allow-any-peer", ScalarText.ReadFlag),
        AdvertisedAddress = bind.Value<IPAddress?>("advertised-address", EndpointText.ReadAddressOrNone),
    };
}
