using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.mitm.raw-flows</c>.</summary>
internal static class RawFlowReader
{
    private const string Example = "[{ name = slow-mail, match { port = [25] }, down = [{ throttle = 64KiB/s }] }]";
    private const string StepsExample = "[{ chunk = 16B }, { delay { by = 100ms, jitter = 20ms } }]";
    private const int MaxBytes = int.MaxValue;

    private const string DatagramsExample = "[{ name = bad-line, match { port = [53] }, up = [{ lose = 0.1 }] }]";

    private static readonly string[] Steps =
        ["count", "log", "throttle", "delay", "chunk", "corrupt", "drop-after", "replace", "record", "own"];

    private static readonly string[] DatagramSteps = ["lose", "corrupt", "replace", "own"];

    private static readonly ValueReader<TimeSpan> Span = DurationText.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));

    /// <summary>Reads the list.</summary>
    public static ImmutableArray<RawFlowSettings> Read(ConfigSection mitm) =>
        mitm.Sections("raw-flows", Example, flow => Read(flow, Steps, StepsExample));

    /// <summary>Reads <c>akkasocks.mitm.datagrams</c>.</summary>
    public static ImmutableArray<RawFlowSettings> ReadDatagrams(ConfigSection mitm) =>
        mitm.Sections("datagrams", DatagramsExample, flow => Read(flow, DatagramSteps, "[{ lose = 0.1 }]"));

    private static RawFlowSettings Read(ConfigSection flow, string[] steps, string example)
    {
        var name = flow.Value<string>("name", NodeNameText.Read);
        var match = flow.Has("match") ? flow.Section("match", Match) : new RawFlowMatch([], [], []);
        var up = flow.Has("up") ? flow.Sections("up", example, step => Step(step, steps)) : [];
        var down = flow.Has("down") ? flow.Sections("down", example, step => Step(step, steps)) : [];
        if (up.IsEmpty && down.IsEmpty)
            flow.Refuse($"does nothing; expected up or down, as in down = {example}");
        return new RawFlowSettings(name ?? "", match, [.. up.OfType<RawFlowStep>()], [.. down.OfType<RawFlowStep>()]);
    }

    private static RawFlowMatch Match(ConfigSection match) => new(
        match.SomeIfAny<string>("host", "[\"*.example.com\"]", ReadText),
        match.SomeIfAny("port", "[25, 587]", ScalarText.ReadCount(1, ushort.MaxValue)),
        match.SomeIfAny<string>("user", "[\"qa-*\"]", ReadText));

    private static RawFlowStep? Step(ConfigSection step, string[] known)
    {
        var given = Array.FindAll(known, step.Has);
        if (given.Length != 1)
            step.Refuse($"expected one of {string.Join(", ", known)}");
        return given.FirstOrDefault() switch
        {
            "count" => step.Value<bool>("count", ScalarText.ReadFlag) ? new RawFlowStep.Count() : null,
            "log" => new RawFlowStep.Log(step.Value("log", SizeText.Between(1, 64 * 1024))),
            "throttle" => new RawFlowStep.Throttle(step.Value("throttle", SizeText.RateBetween(1, MaxBytes))),
            "delay" => step.Section("delay", delay => new RawFlowStep.Delay(
                delay.Value("by", Span), delay.Has("jitter") ? delay.Value("jitter", Span) : TimeSpan.Zero)),
            "chunk" => new RawFlowStep.Chunk(step.Value("chunk", SizeText.Between(1, MaxBytes))),
            "corrupt" => new RawFlowStep.Corrupt(step.Value<double>("corrupt", ReadProbability)),
            "lose" => new RawFlowStep.Lose(step.Value<double>("lose", ReadProbability)),
            "drop-after" => new RawFlowStep.DropAfter(step.Value("drop-after", SizeText.Between(0, MaxBytes))),
            "replace" => step.Section("replace", Replace),
            "record" => new RawFlowStep.Record(step.Value<string>("record", ReadDirectory)),
            "own" => step.Section("own", own => new RawFlowStep.Own(
                own.Value<string>("type", ReadText), own.TextsIfAny("args", ScalarText.Read, ScalarText.Read))),
            _ => null,
        };
    }

    private static RawFlowStep.Replace Replace(ConfigSection replace)
    {
        if (replace.Has("text") == replace.Has("hex"))
            replace.Refuse("expected either text and with, or hex and with-hex");
        if (!replace.Has("hex"))
        {
            return new RawFlowStep.Replace(
                Encoding.UTF8.GetBytes(replace.Value<string>("text", ReadText) ?? ""),
                Encoding.UTF8.GetBytes(replace.Value<string>("with", ScalarText.Read) ?? ""));
        }

        var from = replace.Value<byte[]>("hex", ReadHex);
        if (from is { Length: 0 })
            replace.Refuse("hex", "expected at least one byte");
        return new RawFlowStep.Replace(from, replace.Value<byte[]>("with-hex", ReadHex));
    }

    private static string? ReadText(string text, out string value)
    {
        value = text;
        return text.Length > 0 ? null : "text";
    }

    private static string? ReadHex(string text, out byte[] value)
    {
        value = [];
        try
        {
            value = Convert.FromHexString(text);
            return null;
        }
        catch (FormatException)
        {
            return "bytes as hexadecimal digits, such as 0d0a";
        }
    }

    private static string? ReadProbability(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value is > 0 and <= 1
            ? null
            : "a probability above 0 and up to 1, such as 0.001";

    private static string? ReadDirectory(string text, out string value)
    {
        value = text;
        return Directory.Exists(text) ? null : "an existing directory";
    }
}
