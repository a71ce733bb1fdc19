using AkkaSocks.Proxy.Capture;
using CsCheck;
using Google.Protobuf;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Capture;

public sealed class ExchangePartsTests
{
    private static readonly CapturedExchange Whole = TestExchange.Of(200_000) with
    {
        User = "alice",
        RequestFields = [KeyValuePair.Create("Cookie", "[redacted]"), KeyValuePair.Create("X-É", "")],
        RequestBody = new CapturedBody(9, "hel"u8.ToArray()),
        ResponseFields = [KeyValuePair.Create("Content-Type", "text/plain")],
        Messages = [new CapturedMessage(FromClient: true, DateTimeOffset.UnixEpoch.AddTicks(3), 1, new CapturedBody(2, "hi"u8.ToArray()))],
        Rule = "no-ads",
        Edits = [new CapturedEdit("lab", "response-body"), new CapturedEdit("slow", "delay")],
        Error = "blocked-by-rule",
    };

    [Fact]
    public void An_exchange_that_is_longer_than_a_frame_comes_whole_in_parts()
    {
        var ring = new CaptureRing(10, int.MaxValue);
        ring.Add(Whole);
        var parts = new ExchangeParts(() => ring);
        var bytes = new MemoryStream();
        int total;
        do
        {
            var part = parts.Of(1, (int)bytes.Length, ExchangeParts.MostBytes);
            Assert.InRange(part.Bytes.Length, 1, ExchangeParts.MostBytes);
            bytes.Write(part.Bytes.Span);
            total = part.Total;
        }
        while (bytes.Length < total);

        var read = ExchangeBytes.Read(bytes.ToArray());
        Assert.Equal(Told(Whole with { Id = 1 }), Told(read));
        Assert.Equal(0, parts.Of(1, total, 10).Bytes.Length);
        Assert.Equal(0, parts.Of(2, 0, 10).Total);
    }

    [Fact]
    public void What_is_missing_stays_missing()
    {
        var read = ExchangeBytes.Read(ExchangeBytes.Write(TestExchange.Of(0) with { FirstByte = null }));
        Assert.Equal((null, null, null, null), (read.User, read.FirstByte, read.Rule, read.Error));
        Assert.True(read.Messages.IsEmpty && read.ResponseBody.Head.IsEmpty);
    }

    [Fact]
    public void Whatever_bytes_come_they_are_read_or_refused()
    {
        var bytes = ExchangeBytes.Write(Whole with { ResponseBody = new CapturedBody(3, new byte[3]) });
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length]).Sample((at, value, length) =>
        {
            var broken = bytes[..length];
            if (at < length)
                broken[at] = value;
            try
            {
                Told(ExchangeBytes.Read(broken));
            }
            catch (Exception refused) when (refused is InvalidProtocolBufferException or ArgumentException)
            {
                // As is promised.
            }
        });
    }

    // Records compare arrays by reference.
    private static string Told(CapturedExchange exchange) => string.Join('|',
        exchange.Id, exchange.Session, exchange.User, exchange.Client, exchange.Started.UtcTicks, exchange.Duration, exchange.FirstByte,
        exchange.Method, exchange.Host, exchange.Url, exchange.Version, exchange.Status, exchange.Rule, exchange.Error,
        string.Join(',', exchange.RequestFields), string.Join(',', exchange.ResponseFields), Told(exchange.RequestBody), Told(exchange.ResponseBody),
        string.Join(',', exchange.Messages.Select(it => $"{it.FromClient} {it.Time.UtcTicks} {it.Opcode} {Told(it.Body)}")),
        string.Join(',', exchange.Edits));

    private static string Told(CapturedBody body) => $"{body.Length} {Convert.ToHexString(body.Head.Span)}";
}
