using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Egress;

/// <summary>Which destinations are told who the client is, and in what words: a PROXY protocol header.</summary>
internal sealed class Introductions(ImmutableArray<IntroductionSettings> settings)
{
    private readonly ImmutableArray<(AddressRange Range, int? Port, int Version)> _to =
        [.. settings.SelectMany(entry => entry.To, (entry, to) => (new AddressRange(to.Network), to.Port, entry.Version))];

    /// <summary>Writes the header for a destination.</summary>
    /// <param name="client">Who the client is.</param>
    /// <param name="destination">The address that was connected to.</param>
    /// <param name="header">Room for <see cref="ProxyHeader.MaxWritten"/> bytes.</param>
    /// <returns>Bytes written; 0 when this destination expects none.</returns>
    public int Write(IPEndPoint client, IPEndPoint destination, Span<byte> header)
    {
        if (_to.IsEmpty)
            return 0;
        var number = AddressRange.NumberOf(destination.Address);
        foreach (var (range, port, version) in _to)
        {
            if (range.Contains(number) && (port is null || port == destination.Port))
                return ProxyHeader.Write(header, version, client, destination);
        }

        return 0;
    }
}
