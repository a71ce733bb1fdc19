using System.Diagnostics.Metrics;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry;

public sealed class ProxyMetricsTests : IDisposable
{
    private readonly ProxyMetrics _metrics;
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _series = [];

    public ProxyMetricsTests()
    {
        var others = new HashSet<Instrument>();
        using (var before = new MeterListener { InstrumentPublished = (it, _) => others.Add(it) })
            before.Start();
        _metrics = new ProxyMetrics();
        _metrics.AddLoops(2, i => 10 + i, _ => TimeSpan.FromSeconds(2), _ => TimeSpan.FromMilliseconds(3), _ => 4);
        _listener.InstrumentPublished = (it, listener) =>
        {
            if (it.Meter.Name == ProxyMetrics.MeterName && !others.Contains(it))
                listener.EnableMeasurementEvents(it);
        };
        _listener.SetMeasurementEventCallback<long>((it, value, tags, _) => Take(it, value, tags));
        _listener.SetMeasurementEventCallback<double>((it, value, tags, _) => Take(it, value, tags));
        _listener.Start();
    }

    [Fact]
    public void Sessions_are_counted_by_how_they_ended_and_why_they_were_refused()
    {
        for (var i = 0; i < 3; i++)
            _metrics.Accepted();
        _metrics.Ended(TestRecord.Of([1]));
        var refused = TestRecord.Silent();
        refused.End = SessionEnd.Refused;
        refused.Refusal = Refusal.OwnEndpoint;
        _metrics.Ended(refused);
        _metrics.AcceptPaused();

        var series = Read();
        Assert.Equal(3, series["akkasocks.sessions.accepted"]);
        Assert.Equal(1, series["akkasocks.sessions.open"]);
        Assert.Equal(1, series["akkasocks.sessions.ended end=completed"]);
        Assert.Equal(1, series["akkasocks.sessions.ended end=refused"]);
        Assert.Equal(1, series["akkasocks.sessions.refused reason=own-endpoint"]);
        Assert.Equal(11, series["akkasocks.relay.bytes direction=client-to-destination"]);
        Assert.Equal(22, series["akkasocks.relay.bytes direction=destination-to-client"]);
        Assert.Equal(1, series["akkasocks.accept.pauses"]);
        Assert.Equal(1, _metrics.Open);
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
        var before = Read().Keys.Order().ToList();
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var user = new byte[random.Next(20)];
            random.NextBytes(user);
            _metrics.Accepted();
            var record = TestRecord.Of(user, $"host-{i}.example.com");
            record.End = (SessionEnd)random.Next(Enum.GetValues<SessionEnd>().Length);
            record.Refusal = (Refusal)random.Next(Enum.GetValues<Refusal>().Length);
            _metrics.Ended(record);
        }

        Assert.Equal(before, Read().Keys.Order());
        Assert.InRange(before.Count, 10, 100);
    }

    [Fact]
    public async Task There_are_never_fewer_than_no_open_sessions()
    {
        var stop = false;
        var churn = Task.Run(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                _metrics.Accepted();
                _metrics.Ended(TestRecord.Silent());
            }
        });
        for (var i = 0; i < 300_000; i++)
            Assert.True(_metrics.Open >= 0);
        Volatile.Write(ref stop, true);
        await churn;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _metrics.Dispose();
    }

    private Dictionary<string, double> Read()
    {
        _series.Clear();
        _listener.RecordObservableInstruments();
        return new Dictionary<string, double>(_series);
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (key, label) in tags)
            name += $" {key}={label}";
        _series.Add(name, value);
    }
}
