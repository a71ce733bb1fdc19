using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Files;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Egress;

/// <summary>
/// Names to addresses: the hosts file, then the answers remembered, then the DNS. The system's own resolver is not used: it
/// blocks a thread per lookup, so that one dead server would stop them all, and it takes spellings of addresses for names.
/// </summary>
/// <remarks>
/// Bounded on all sides: lookups in flight, lookups waiting, time, addresses, answers remembered. Lookups of one name at one
/// time are one lookup. Nothing throws. Any thread may call it, event loops too: asking servers is left to the thread pool.
/// </remarks>
internal sealed class NameResolver : IDisposable
{
    private const string Localhost = "localhost";
    private static readonly ImmutableArray<IPAddress> Loopback = [IPAddress.IPv6Loopback, IPAddress.Loopback];

    private readonly ConcurrentDictionary<string, Task<ResolvedName>> _flights = new(StringComparer.OrdinalIgnoreCase);
    private readonly StubResolver _dns = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly DnsSettings _settings;
    private readonly Func<ResolvConf> _servers;
    private readonly WatchedFile<HostsFile>? _hosts;
    private readonly AnswerCache? _cache;
    private readonly SemaphoreSlim _places;
    private int _waiting;

    /// <summary>Asks the servers of the settings, or else those of <c>/etc/resolv.conf</c> with its search list.</summary>
    public NameResolver(DnsSettings settings)
        : this(settings, ServersOf(settings), TimeProvider.System)
    {
    }

    /// <summary>The same, and goes on counting where another one has counted.</summary>
    public NameResolver(DnsSettings settings, DnsCounters counters)
        : this(settings) => Counters = counters;

    /// <summary>Asks the servers that <paramref name="servers"/> names at the time.</summary>
    public NameResolver(DnsSettings settings, Func<ResolvConf> servers, TimeProvider clock)
    {
        _settings = settings;
        _servers = servers;
        _hosts = settings.HostsFile.Length > 0 ? new WatchedFile<HostsFile>(settings.HostsFile, HostsFile.Parse, clock) : null;
        _cache = settings.Cache ? new AnswerCache(settings.CacheMaxEntries, clock) : null;
        _places = new SemaphoreSlim(settings.MaxLookups);
    }

    /// <summary>What it has been doing.</summary>
    public DnsCounters Counters { get; } = new();

    /// <summary>Resolves a name. Never throws; completes in <c>egress.dns.timeout</c> at the latest.</summary>
    /// <param name="hostName">A name, not an address in any spelling. A dot at its end makes it absolute.</param>
    /// <param name="cancel">Ends the waiting, as timed out; the lookup itself goes on for others who asked the same.</param>
    public Task<ResolvedName> ResolveAsync(string hostName, CancellationToken cancel)
    {
        var known = FindHere(hostName);
        if (!known.IsEmpty)
        {
            Counters.Known();
            return Task.FromResult(new ResolvedName(known, Refusal.None));
        }

        var mine = new TaskCompletionSource<ResolvedName>(TaskCreationOptions.RunContinuationsAsynchronously);
        var flight = _flights.GetOrAdd(hostName, mine.Task);
        if (flight == mine.Task)
            Task.Run(() => FlyAsync(hostName, mine), CancellationToken.None);
        else
            Counters.Shared();

        return cancel.CanBeCanceled ? UnlessCancelledAsync(flight, cancel) : flight;
    }

    /// <summary>The name of an address, by the DNS (PTR) alone. Never throws; completes in <c>egress.dns.timeout</c> at the latest.
    /// </summary>
    public Task<AddressName> NameOfAsync(IPAddress address, CancellationToken cancel) => Task.Run(
        async () =>
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancel);
            deadline.CancelAfter(_settings.Timeout);
            return await InTurnAsync(
                () => _dns.AskNameAsync(address, _servers(), _settings.Timeout, deadline.Token),
                refusal => new AddressName(default, refusal),
                deadline.Token).ConfigureAwait(false);
        },
        CancellationToken.None);

    /// <summary>Ends all lookups, as timed out.</summary>
    public void Dispose() => _stopping.Cancel();

    private static Func<ResolvConf> ServersOf(DnsSettings settings)
    {
        if (!settings.Servers.IsEmpty)
        {
            var fixedServers = ResolvConf.Of(settings.Servers);
            return () => fixedServers;
        }

        var file = new WatchedFile<ResolvConf>("/etc/resolv.conf", ResolvConf.Parse, TimeProvider.System);
        return () => file.Current;
    }

    private ImmutableArray<IPAddress> FindHere(string name)
    {
        var addresses = _hosts?.Current.Find(name) ?? [];
        if (addresses.IsEmpty && IsLocalhost(name))
            return Loopback;

        return addresses.IsEmpty && _cache is not null ? _cache.Find(name) : addresses;
    }

    // RFC 6761 §6.3: never asked of a DNS server, which could answer with any address.
    private static bool IsLocalhost(string name)
    {
        var bare = name.AsSpan().TrimEnd('.');
        return bare.EndsWith(Localhost, StringComparison.OrdinalIgnoreCase)
            && (bare.Length == Localhost.Length || bare[^(Localhost.Length + 1)] == '.');
    }

    private static async Task<ResolvedName> UnlessCancelledAsync(Task<ResolvedName> flight, CancellationToken cancel)
    {
        try
        {
            return await flight.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return ResolvedName.Refused(Refusal.NameLookupTimedOut);
        }
    }

    private async Task FlyAsync(string name, TaskCompletionSource<ResolvedName> flight)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        deadline.CancelAfter(_settings.Timeout);
        var begun = Counters.Begin();
        var answer = await InTurnAsync(
            () => AskAsync(name, deadline.Token),
            refusal => new DnsAnswer([], TimeSpan.Zero, refusal),
            deadline.Token).ConfigureAwait(false);
        Counters.End(begun, answer.Refusal);
        if (answer.Refusal == Refusal.None)
            _cache?.Remember(name, answer.Addresses, answer.TimeToLive);

        // Remembered first, then removed: who comes in between must find one or the other.
        _flights.TryRemove(name, out _);
        flight.SetResult(new ResolvedName(answer.Addresses, answer.Refusal));
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> ask, Func<Refusal, T> refused, CancellationToken deadline)
    {
        if (!await TryEnterAsync(deadline).ConfigureAwait(false))
            return refused(deadline.IsCancellationRequested ? Refusal.NameLookupTimedOut : Refusal.NameLookupBusy);

        try
        {
            return await ask().ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<bool> TryEnterAsync(CancellationToken deadline)
    {
        if (_places.Wait(0, CancellationToken.None))
            return true;

        try
        {
            Counters.Wait(1);
            if (Interlocked.Increment(ref _waiting) > _settings.MaxWaiting)
                return false;

            await _places.WaitAsync(deadline).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            Counters.Wait(-1);
        }
    }

    private async Task<DnsAnswer> AskAsync(string name, CancellationToken deadline)
    {
        var conf = _servers();
        var answer = new DnsAnswer([], TimeSpan.Zero, Refusal.NameNotResolved);
        foreach (var candidate in conf.Candidates(name))
        {
            answer = await _dns.AskAsync(candidate, conf, _settings.Timeout, deadline).ConfigureAwait(false);
            if (answer.Refusal != Refusal.NameNotResolved)
                break;
        }

        return answer;
    }
}
