using System.Net;
using System.Text;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary><c>example.test</c>, <c>*.example.test</c> (all names below it, not itself), <c>10.0.0.0/8</c>, an address, or <c>*</c>.
/// </summary>
internal static class HostPatternText
{
    private const string Expected = "a name, names below one as *.example.test, an address, a network such as 10.0.0.0/8, or *";

    /// <summary>A pattern.</summary>
    public static string? Read(string text, out HostPattern value)
    {
        var lower = text.ToLowerInvariant();
        value = new HostPattern(lower, null);
        if (lower == "*")
            return null;
        if (lower.Contains('/'))
        {
            var problem = NetworkText.Read(lower, out var network);
            value = value with { Network = network };
            return problem;
        }

        var name = lower.StartsWith("*.", StringComparison.Ordinal) ? lower[2..] : lower;
        if (!Destination.TryOfName(Encoding.UTF8.GetBytes(name), 0, out var host) || (host.Address is not null && name != lower))
            return Expected;
        if (host.Address is { } address)
            value = value with { Network = new IPNetwork(address, address.GetAddressBytes().Length * 8) };
        return null;
    }
}
