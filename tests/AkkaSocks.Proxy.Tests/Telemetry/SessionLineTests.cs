using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry;

public sealed class SessionLineTests
{
    private static readonly byte[] Hostile = Encoding.UTF8.GetBytes(
        "a\r\n2026 INFO login ok user=root\u001b[2J<script>alert(1)</script>\"},{\"user\":\"root\u202e\0\u2028\\");

    private readonly SessionLine _line = new("node-1");

    [Fact]
    public void A_line_says_what_happened()
    {
        var record = TestRecord.Of(Encoding.ASCII.GetBytes("alice"));
        var json = Parse(Json(record));
        Assert.Equal(record.Id.ToString(), json.GetProperty("session").GetString());
        Assert.Equal("node-1", json.GetProperty("node").GetString());
        Assert.Equal("main", json.GetProperty("listener").GetString());
        Assert.Equal("192.0.2.7:40000", json.GetProperty("client").GetString());
        Assert.Equal("alice", json.GetProperty("user").GetString());
        Assert.Equal("connect", json.GetProperty("command").GetString());
        Assert.Equal("example.com:443", json.GetProperty("destination").GetString());
        Assert.Equal("198.51.100.1:443", json.GetProperty("address").GetString());
        Assert.Equal(0, json.GetProperty("reply").GetInt32());
        Assert.Equal("completed", json.GetProperty("end").GetString());
        Assert.False(json.TryGetProperty("refusal", out _));
        Assert.Equal(11, json.GetProperty("clientToDestination").GetInt64());
        Assert.Equal(22, json.GetProperty("destinationToClient").GetInt64());
        Assert.Equal(record.RequestedAt - record.StartedAt, json.GetProperty("handshakeMs").GetInt64());
        Assert.Equal(record.ConnectedAt - record.RequestedAt, json.GetProperty("connectMs").GetInt64());
        Assert.Equal(record.EndedAt - record.StartedAt, json.GetProperty("durationMs").GetInt64());
        var ended = json.GetProperty("time").GetDateTimeOffset();
        var ago = TimeSpan.FromMilliseconds(Environment.TickCount64 - record.EndedAt);
        Assert.InRange(DateTimeOffset.UtcNow - ended - ago, TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void What_never_happened_is_not_in_the_line()
    {
        var json = Parse(Json(TestRecord.Silent()));
        string[] unknown = ["user", "command", "destination", "address", "reply", "refusal", "handshakeMs", "connectMs"];
        Assert.All(unknown, name => Assert.False(json.TryGetProperty(name, out _), name));
    }

    [Fact]
    public void A_refusal_is_named()
    {
        var record = TestRecord.Silent();
        record.End = SessionEnd.Refused;
        record.Refusal = Refusal.BadCredentials;
        Assert.Equal("bad-credentials", Parse(Json(record)).GetProperty("refusal").GetString());
        Assert.Contains(" refused:bad-credentials ", Text(record), StringComparison.Ordinal);
    }

    [Fact]
    public void S12_a_hostile_user_name_stays_in_its_place()
    {
        var record = TestRecord.Of(Hostile);
        var json = Parse(Json(record));
        Assert.StartsWith(@"a\x0d\x0a2026\x20INFO", json.GetProperty("user").GetString(), StringComparison.Ordinal);
        Assert.Equal(Parse(Json(TestRecord.Of([1]))).EnumerateObject().Count(), json.EnumerateObject().Count());
        Assert.DoesNotContain("<script>", Json(record), StringComparison.Ordinal);
    }

    [Fact]
    public void S12_whatever_a_client_calls_itself_there_is_one_line_of_plain_characters()
    {
        var fields = Text(TestRecord.Of([1])).Split(' ').Length;
        Gen.Byte.Array[0, 255].Sample(
            user =>
            {
                var record = TestRecord.Of(user);
                AssertOneLine(Json(record));
                AssertOneLine(Text(record));
                Parse(Json(record));
                Assert.Equal(fields, Text(record).Split(' ').Length);
            },
            iter: 10_000);
    }

    [Fact]
    public void The_text_line_can_be_read_by_position()
    {
        var fields = Text(TestRecord.Of(Encoding.ASCII.GetBytes("alice"))).TrimEnd('\n').Split(' ');
        Assert.True(DateTimeOffset.TryParse(fields[0], CultureInfo.InvariantCulture, out _));
        Assert.Equal(["192.0.2.7:40000", "alice", "example.com:443", "completed", "up=11", "down=22", "1000ms"], fields[2..]);
        Assert.Equal(["-", "-", "client-closed"], Text(TestRecord.Silent()).Split(' ')[3..6]);
    }

    [Fact]
    public void Dropped_datagrams_stand_behind_all_else()
    {
        var record = TestRecord.Silent();
        record.DatagramsDropped = 3;

        Assert.EndsWith("0ms dropped=3\n", Text(record), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_login_is_a_line_with_the_address_by_itself_and_nothing_that_the_client_has_said()
    {
        var record = TestRecord.Of(Encoding.ASCII.GetBytes("from 198.51.100.9 port 1: bad-credentials"));
        record.Refusal = Refusal.BadCredentials;

        var line = Written(_line.WriteFailedLogin, record);

        AssertOneLine(line);
        Assert.Matches(@"^\S+Z akkasocks\[\S+\] login failed from 192\.0\.2\.7 port 40000: bad-credentials listener=main session=\S+\n$", line);
    }

    private static void AssertOneLine(string line)
    {
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        Assert.All(line[..^1], character => Assert.InRange(character, ' ', '~'));
    }

    private static JsonElement Parse(string line) => JsonDocument.Parse(line).RootElement;

    private string Json(SessionRecord record) => Written(_line.WriteJson, record);

    private string Text(SessionRecord record) => Written(_line.WriteText, record);

    private static string Written(Action<SessionRecord, IBufferWriter<byte>> write, SessionRecord record)
    {
        var output = new ArrayBufferWriter<byte>();
        write(record, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
