using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AkkaSocks.Mitm.Certificates;

/// <summary>
/// Certificates that were signed, ready for TLS. The same one for the same name, since that is also what sessions are resumed by.
/// </summary>
/// <param name="authority">Signs what is missing.</param>
/// <param name="size">How many are kept.</param>
/// <param name="clock">Tells when one is too old.</param>
internal sealed class LeafCache(LeafAuthority authority, int size, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Host, string? Origin), Lazy<Entry>> _entries = new();
    private long _uses, _signed;

    /// <summary>The certificates there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The certificates that were signed.</summary>
    public long Signed => Interlocked.Read(ref _signed);

    /// <summary>The certificate for a host.</summary>
    /// <param name="host">The name or address that the client wants.</param>
    /// <param name="origin">The origin's certificate; null where there is none that is valid.</param>
    public SslStreamCertificateContext For(string host, X509Certificate2? origin)
    {
        var key = (host, origin?.Thumbprint);

        // Lazy: of many that want the same at once one signs.
        var entry = _entries.GetOrAdd(key, _ => new Lazy<Entry>(() => new Entry(NewContext(host, origin))));
        if (entry.Value.EndsAt - Fresh < clock.GetUtcNow())
        {
            _entries.TryRemove(KeyValuePair.Create(key, entry));
            entry = _entries.GetOrAdd(key, _ => new Lazy<Entry>(() => new Entry(NewContext(host, origin))));
        }

        entry.Value.LastUse = Interlocked.Increment(ref _uses);
        if (_entries.Count > size)
            Shrink();
        return entry.Value.Context;
    }

    // Offline: nothing is fetched on behalf of a certificate. The authority's is not sent: who trusts it has it.
    private SslStreamCertificateContext NewContext(string host, X509Certificate2? origin)
    {
        Interlocked.Increment(ref _signed);
        return SslStreamCertificateContext.Create(authority.Sign(host, origin), additionalCertificates: [], offline: true);
    }

    /// <summary>An eighth at once, so that a full cache does not sort itself for every name.</summary>
    private void Shrink()
    {
        var oldest = _entries.Where(it => it.Value.IsValueCreated).OrderBy(it => it.Value.Value.LastUse).Take(Math.Max(1, size / 8));
        foreach (var entry in oldest)
            _entries.TryRemove(entry);
    }

    private sealed class Entry(SslStreamCertificateContext context)
    {
        public SslStreamCertificateContext Context => context;

        public DateTimeOffset EndsAt { get; } = context.TargetCertificate.NotAfter.ToUniversalTime();

        public long LastUse { get; set; }
    }
}
