using System.Diagnostics.Metrics;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Figures;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry;

public sealed class ProxyMetricsTests : IDisposable
{
    private readonly ProxyMetrics _metrics = new(perUser: 2);

    public ProxyMetricsTests() =>
        _metrics.AddLoops(2, i => 10 + i, _ => TimeSpan.FromSeconds(2), _ => TimeSpan.FromMilliseconds(3), _ => 4);

    private SessionFigures Sessions => _metrics.Sessions;

    [Fact]
    public void Sessions_are_counted_by_how_they_ended_and_where_they_were_refused()
    {
        for (var i = 0; i < 3; i++)
            Sessions.Accept();
        Sessions.End(TestRecord.Of([1]));
        var refused = TestRecord.Silent();
        Sessions.Enter(refused, SessionPhase.Handshaking);
        Sessions.Enter(refused, SessionPhase.Connecting);
        Sessions.Refuse(refused);
        refused.End = SessionEnd.Refused;
        refused.Refusal = Refusal.OwnEndpoint;
        refused.Reply = ReplyCode.NotAllowed;
        Sessions.End(refused);
        _metrics.AcceptPaused();

        var series = Read();
        Assert.Equal(3, series["akkasocks.sessions.accepted"]);
        Assert.Equal(1, series["akkasocks.sessions.open"]);
        Assert.Equal(1, series["akkasocks.sessions.ended end=completed"]);
        Assert.Equal(1, series["akkasocks.sessions.ended end=refused"]);
        Assert.Equal(1, series["akkasocks.sessions.refused reason=own-endpoint phase=connecting"]);
        Assert.Equal(1, series["akkasocks.sessions.replies reply=not-allowed"]);
        Assert.Equal(11, series["akkasocks.relay.bytes direction=client-to-destination"]);
        Assert.Equal(22, series["akkasocks.relay.bytes direction=destination-to-client"]);
        Assert.Equal(1, series["akkasocks.accept.pauses"]);
        Assert.Equal(1, series["akkasocks.sessions.phase-duration phase=handshaking"]);
        Assert.Equal(1, series["akkasocks.sessions.phase-duration phase=connecting"]);
        Assert.Equal(1, Sessions.Open);
    }

    [Fact]
    public void Requests_are_counted_by_the_class_of_their_status_and_handshakes_by_version()
    {
        _metrics.Tls.Declare(_metrics.All, () => 7);
        foreach (var status in new[] { 200, 204, 502, 0, 99, 600 })
            _metrics.Http.Answered(status);
        _metrics.Tls.Secured(isTls13: true);

        var series = Read();
        Assert.Equal((2, 0, 1), (series["akkasocks.http.requests status=2xx"], series["akkasocks.http.requests status=4xx"], series["akkasocks.http.requests status=5xx"]));
        Assert.Equal((0, 1), (series["akkasocks.tls.handshakes version=1.2"], series["akkasocks.tls.handshakes version=1.3"]));
        Assert.Equal(7, series["akkasocks.tls.pending"]);
    }

    [Fact]
    public void Running_sessions_are_counted_by_what_they_are()
    {
        var relaying = TestRecord.Of("alice"u8.ToArray());
        relaying.Protocol = ClientProtocol.Socks5;
        relaying.Phase = SessionPhase.Relaying;
        var lingering = TestRecord.Silent();
        lingering.Phase = SessionPhase.Handshaking;
        lingering.Refusal = Refusal.NoAcceptableMethod;
        Sessions.Running = () => [relaying, lingering];
        Sessions.TakeStock();
        var series = Read();
        Assert.Equal(1, series["akkasocks.sessions protocol=socks5 command=connect phase=relaying"]);
        Assert.Equal(1, series["akkasocks.sessions protocol=none command=none phase=lingering"]);

        // What was there once stays visible as none.
        Sessions.Running = () => [relaying];
        Sessions.TakeStock();
        Assert.Equal(0, Read()["akkasocks.sessions protocol=none command=none phase=lingering"]);
    }

    [Fact]
    public void Bytes_of_a_running_session_count_and_are_not_counted_again_at_its_end()
    {
        var record = TestRecord.Of("alice"u8.ToArray());
        (record.ClientToDestination, record.DestinationToClient) = (0, 0);
        var carried = (100L, 5L);
        record.CarriedSoFar = () => carried;
        Sessions.Running = () => [record];
        Sessions.TakeStock();
        Assert.Equal((100, 5), Sessions.Bytes);

        carried = (150, 7);
        Sessions.TakeStock();
        Assert.Equal((150, 7), Sessions.Bytes);

        (record.ClientToDestination, record.DestinationToClient) = (160, 9);
        record.CarriedSoFar = null;
        Sessions.End(record);
        Sessions.TakeStock();
        Assert.Equal((160, 9), Sessions.Bytes);
        Assert.Equal(160, Read()["akkasocks.user.bytes user=alice direction=client-to-destination"]);
        Assert.Equal(1, Read()["akkasocks.user.sessions user=alice"]);
    }

    [Fact]
    public async Task However_many_read_at_the_same_time_each_byte_is_counted_once_and_the_count_never_falls()
    {
        var record = TestRecord.Of([1]);
        (record.ClientToDestination, record.DestinationToClient) = (0, 0);
        long carried = 0;
        record.CarriedSoFar = () => (Volatile.Read(ref carried), 0);
        Sessions.Running = () => [record];
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (long last = 0, now; last < 100_000; last = now)
            {
                Sessions.TakeStock();
                now = Sessions.Bytes.ClientToDestination;
                Assert.True(now >= last);
            }
        })).ToArray();
        for (var i = 0; i < 100_000; i++)
            Interlocked.Increment(ref carried);
        await Task.WhenAll(readers);
        record.CarriedSoFar = null;
        record.ClientToDestination = carried;
        Sessions.End(record);
        Assert.Equal(100_000, Sessions.Bytes.ClientToDestination);
    }

    [Fact]
    public void Loops_are_told_apart_by_number()
    {
        var series = Read();
        Assert.Equal(10, series["akkasocks.loop.turns loop=0"]);
        Assert.Equal(11, series["akkasocks.loop.turns loop=1"]);
        Assert.Equal(2, series["akkasocks.loop.busy loop=1"]);
        Assert.Equal(0.003, series["akkasocks.loop.longest-turn loop=0"], 6);
        Assert.Equal(4, series["akkasocks.loop.splice-fallbacks loop=1"]);
    }

    [Fact]
    public void S12_no_client_can_add_a_series()
    {
        using var metrics = new ProxyMetrics();
        var random = new Random(1);
        Churn();
        var before = Keys();
        Churn();
        Assert.Equal(before, Keys());
        Assert.InRange(before.Count, 10, 400);
        Assert.DoesNotContain(before, key => key.Contains("example", StringComparison.Ordinal));

        void Churn()
        {
            for (var i = 0; i < 10_000; i++)
            {
                var user = new byte[random.Next(20)];
                random.NextBytes(user);
                metrics.Sessions.Accept();
                var record = TestRecord.Of(user, $"host-{i}.example.com");
                record.End = (SessionEnd)random.Next(Enum.GetValues<SessionEnd>().Length);
                record.Refusal = (Refusal)random.Next(Enum.GetValues<Refusal>().Length);
                record.Phase = (SessionPhase)random.Next(Enum.GetValues<SessionPhase>().Length);
                metrics.Sessions.Running = () => [record];
                metrics.Sessions.TakeStock();
                metrics.Sessions.End(record);
            }
        }

        List<string> Keys() => [.. metrics.All.All.SelectMany(metric => metric.Read().Select(it => KeyOf(metric, it))).Order()];
    }

    [Fact]
    public void Only_the_users_who_moved_the_most_have_series_and_nobody_who_only_claimed_a_name()
    {
        foreach (var (name, bytes) in new[] { ("alice", 10), ("bob", 30), ("carol", 20) })
        {
            var record = TestRecord.Of(System.Text.Encoding.ASCII.GetBytes(name));
            record.ClientToDestination = bytes;
            Sessions.End(record);
        }

        var mallory = TestRecord.Of("mallory"u8.ToArray());
        (mallory.RequestedAt, mallory.ClientToDestination) = (0, 1000);
        Sessions.End(mallory);
        Assert.Equal(
            ["akkasocks.user.sessions user=bob", "akkasocks.user.sessions user=carol"],
            Read().Keys.Where(key => key.StartsWith("akkasocks.user.sessions", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task There_are_never_fewer_than_no_open_sessions()
    {
        var stop = false;
        var churn = Task.Run(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                Sessions.Accept();
                Sessions.End(TestRecord.Silent());
            }
        });
        for (var i = 0; i < 300_000; i++)
            Assert.True(Sessions.Open >= 0);
        Volatile.Write(ref stop, true);
        await churn;
    }

    [Fact]
    public void Whoever_listens_to_the_meter_hears_the_same()
    {
        var heard = new Dictionary<string, double>();
        var distributions = 0;
        using var metrics = new ProxyMetrics();
        using var listener = new MeterListener();
        foreach (var instrument in InstrumentsOf(metrics))
            listener.EnableMeasurementEvents(instrument);
        listener.SetMeasurementEventCallback<double>((it, value, tags, _) =>
        {
            if (it.IsObservable)
                heard[tags.ToArray().Aggregate(it.Name, (name, tag) => $"{name} {tag.Key}={tag.Value}")] = value;
            else
                distributions++;
        });
        var record = TestRecord.Of([1]);
        metrics.Sessions.Accept();
        metrics.Sessions.Enter(record, SessionPhase.Handshaking);
        metrics.Sessions.Enter(record, SessionPhase.Relaying);
        metrics.Sessions.End(record);
        listener.RecordObservableInstruments();
        Assert.Equal(1, heard["akkasocks.sessions.accepted"]);
        Assert.Equal(1, heard["akkasocks.sessions.ended end=completed"]);
        Assert.Equal(22, heard["akkasocks.relay.bytes direction=destination-to-client"]);
        Assert.Equal(1, distributions);
    }

    public void Dispose() => _metrics.Dispose();

    // Other tests have meters of the same name.
    private static List<Instrument> InstrumentsOf(ProxyMetrics metrics)
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (it, _) => found.Add(it) };
        listener.Start();
        return [.. found.Where(it => ReferenceEquals(it.Meter, metrics.All.Meter))];
    }

    private static string KeyOf(Metric metric, Series series) =>
        metric.Labels.Zip(series.Labels).Aggregate(metric.Name, (name, label) => $"{name} {label.First}={label.Second}");

    private Dictionary<string, double> Read() => _metrics.All.All
        .SelectMany(metric => metric.Read().Select(series => (Key: KeyOf(metric, series), series.Value)))
        .ToDictionary(it => it.Key, it => it.Value);
}
