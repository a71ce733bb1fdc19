using System.Collections.Immutable;
using System.Net;
using System.Text;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using DnsClient;
using DnsClient.Protocol;

namespace AkkaSocks.Proxy.Egress;

/// <summary>What the DNS says about one absolute name.</summary>
/// <param name="Addresses">IPv6 and IPv4 in turn; not empty exactly when there is no refusal.</param>
/// <param name="TimeToLive">How long the answer holds.</param>
/// <param name="Refusal">Else <see cref="Refusal.NameNotResolved"/> or <see cref="Refusal.NameLookupTimedOut"/>.</param>
internal readonly record struct DnsAnswer(ImmutableArray<IPAddress> Addresses, TimeSpan TimeToLive, Refusal Refusal);

/// <summary>
/// Asks recursive DNS servers for the addresses of one absolute name (RFC 1034 §5.3.1), A and AAAA at once. A server that is
/// silent, broken or unwilling is followed by the next one; one that says that the name or the record does not exist is believed.
/// </summary>
internal sealed class StubResolver
{
    // Of the whole time: what the second family gets when the first has answered. RFC 8305 §3 says 50 ms, but lets a late
    // answer join the race; here it cannot, and on a host with one family that would be the only answer of use.
    private const int GraceShare = 5;

    // DNS flag day 2020: larger datagrams would be fragmented, and fragments get lost or forged.
    private const int DatagramLength = 1232;

    // RFC 8767 §4 suggests a cap in days: a TTL of years would outlive every change.
    private static readonly TimeSpan MaxTimeToLive = TimeSpan.FromDays(1);

    private readonly LookupClient _client = new(new LookupClientOptions { AutoResolveNameServers = false, UseCache = false });

    /// <summary>Asks. Never throws and blocks no thread.</summary>
    /// <param name="name">Absolute, without the dot at its end.</param>
    /// <param name="conf">Whom to ask.</param>
    /// <param name="timeout">Shared out among servers and rounds, so that each gets a turn.</param>
    /// <param name="cancel">Ends it as timed out; this, not <paramref name="timeout"/>, is the limit.</param>
    public async Task<DnsAnswer> AskAsync(string name, ResolvConf conf, TimeSpan timeout, CancellationToken cancel)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var options = OptionsFor(conf, timeout);
        var ipv6 = AskAsync(() => new DnsQuestion(name, QueryType.AAAA), conf, options, AddressesIn, Refused, both.Token);
        var ipv4 = AskAsync(() => new DnsQuestion(name, QueryType.A), conf, options, AddressesIn, Refused, both.Token);
        var first = await (await Task.WhenAny(ipv6, ipv4).ConfigureAwait(false)).ConfigureAwait(false);
        if (!first.Addresses.IsEmpty)
            both.CancelAfter(timeout / GraceShare);

        return Join(await ipv6.ConfigureAwait(false), await ipv4.ConfigureAwait(false));
    }

    /// <summary>Asks for the name of an address. Never throws and blocks no thread.</summary>
    /// <param name="address">The address.</param>
    /// <param name="conf">Whom to ask.</param>
    /// <param name="timeout">Shared out among servers and rounds, so that each gets a turn.</param>
    /// <param name="cancel">Ends it as timed out; this, not <paramref name="timeout"/>, is the limit.</param>
    public Task<AddressName> AskNameAsync(IPAddress address, ResolvConf conf, TimeSpan timeout, CancellationToken cancel) => AskAsync(
        () => LookupClient.GetReverseQuestion(address),
        conf,
        OptionsFor(conf, timeout),
        NameIn,
        refusal => new AddressName(default, refusal),
        cancel);

    private static DnsQueryOptions OptionsFor(ResolvConf conf, TimeSpan timeout)
    {
        var turn = timeout / (conf.Servers.Length * conf.Attempts);
        return new DnsQueryOptions
        {
            Timeout = turn < conf.Timeout ? turn : conf.Timeout,
            Retries = 0,
            UseCache = false,
            ContinueOnDnsError = false,
            ContinueOnEmptyResponse = false,
            ExtendedDnsBufferSize = DatagramLength,
        };
    }

    private static DnsAnswer Join(DnsAnswer ipv6, DnsAnswer ipv4)
    {
        if (ipv6.Addresses.IsEmpty && ipv4.Addresses.IsEmpty)
            return ipv6.Refusal == Refusal.NameLookupTimedOut ? ipv6 : ipv4;
        if (ipv6.Addresses.IsEmpty)
            return ipv4;
        if (ipv4.Addresses.IsEmpty)
            return ipv6;

        var sooner = ipv6.TimeToLive < ipv4.TimeToLive ? ipv6.TimeToLive : ipv4.TimeToLive;
        return new DnsAnswer(ResolvedName.Interleave(ipv6.Addresses, ipv4.Addresses), sooner, Refusal.None);
    }

    private async Task<T> AskAsync<T>(
        Func<DnsQuestion> ask,
        ResolvConf conf,
        DnsQueryOptions options,
        Func<IDnsQueryResponse, T> answerIn,
        Func<Refusal, T> refused,
        CancellationToken cancel)
    {
        var refusal = Refusal.NameLookupTimedOut;
        for (var attempt = 0; attempt < conf.Attempts; attempt++)
        {
            foreach (var server in conf.Servers)
            {
                if (cancel.IsCancellationRequested)
                    return refused(Refusal.NameLookupTimedOut);

                try
                {
                    // In here, since the library throws for names that are none.
                    var question = ask();
                    var response = await _client.QueryServerAsync([server], question, options, cancel).ConfigureAwait(false);
                    if (!response.HasError || response.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain)
                        return IsAbout(question, response) ? answerIn(response) : refused(Refusal.NameNotResolved);
                    refusal = Refusal.NameNotResolved;
                }
                catch (DnsResponseException failure) when (failure.Code == DnsResponseCode.ConnectionTimeout)
                {
                    // The next one may be alive.
                }
                catch (Exception)
                {
                    // Whatever a hostile answer makes the parser throw, or the network the socket: this server is of no use.
                    refusal = Refusal.NameNotResolved;
                }
            }
        }

        return refused(refusal);
    }

    // An answer to another question is a forgery or a mix-up; the library compares only the 16-bit identifier.
    private static bool IsAbout(DnsQuestion asked, IDnsQueryResponse response) =>
        response.Questions is [var question] && question.QuestionType == asked.QuestionType
        && string.Equals(question.QueryName.Value, asked.QueryName.Value, StringComparison.OrdinalIgnoreCase);

    // Only a name that could be looked up: whoever owns the addresses chooses the octets.
    private static AddressName NameIn(IDnsQueryResponse response) =>
        response.Answers.PtrRecords().FirstOrDefault() is { } record
        && Destination.TryOfName(Encoding.ASCII.GetBytes(record.PtrDomainName.Value), 0, out var name) && name.HostName is not null
            ? new AddressName(name, Refusal.None)
            : new AddressName(default, Refusal.NameNotResolved);

    private static DnsAnswer AddressesIn(IDnsQueryResponse response)
    {
        ImmutableArray<IPAddress> addresses =
            [.. response.Answers.OfType<AddressRecord>().Select(record => record.Address).Take(ResolvedName.MaxAddresses)];
        if (addresses.IsEmpty)
            return Refused(Refusal.NameNotResolved);

        // Aliases on the way count too: the answer holds no longer than its shortest-lived record.
        var seconds = response.Answers.Min(record => record.InitialTimeToLive);
        var timeToLive = TimeSpan.FromSeconds(Math.Max(seconds, 0));
        return new DnsAnswer(addresses, timeToLive < MaxTimeToLive ? timeToLive : MaxTimeToLive, Refusal.None);
    }

    private static DnsAnswer Refused(Refusal refusal) => new([], TimeSpan.Zero, refusal);
}
