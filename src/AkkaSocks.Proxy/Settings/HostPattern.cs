using System.Net;

namespace AkkaSocks.Proxy.Settings;

/// <summary>Which hosts are meant: a name, all names below one, a network, or all.</summary>
/// <param name="Text">As it was written, in lower case.</param>
/// <param name="Network">The network, where one was written.</param>
internal sealed record HostPattern(string Text, IPNetwork? Network)
{
    private const string Everything = "*", Below = "*.";

    /// <summary>It names hosts by name, so that of an address alone it cannot be said whether it is meant.</summary>
    public bool IsOfNames => Network is null && Text != Everything;

    /// <summary>Whether a host is meant.</summary>
    /// <param name="name">Its name in lower case without a final dot; null when only its address is known.</param>
    /// <param name="address">Its address; null when only its name is known.</param>
    public bool Covers(string? name, IPAddress? address)
    {
        if (Text == Everything)
            return true;
        if (Network is { } network)
            return address is not null && network.Contains(address);
        return name is not null && (name == Text
            || (Text.StartsWith(Below, StringComparison.Ordinal) && name.EndsWith(Text.AsSpan(1), StringComparison.Ordinal)));
    }
}
