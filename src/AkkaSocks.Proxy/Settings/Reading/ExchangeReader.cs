using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads what <c>akkasocks.mitm</c> says about exchanges.</summary>
internal static class ExchangeReader
{
    /// <summary>Reads those keys of the section.</summary>
    public static ExchangeSettings Read(ConfigSection mitm) => new()
    {
        Rules = RuleReader.Read(mitm),
        Bodies = mitm.Section("bodies", bodies => new BodySettings(
            bodies.Value("max-size", SizeText.Between(1, 256 * 1024 * 1024)),
            bodies.Value("max-ratio", ScalarText.ReadCount(1, 100_000)))),
        Inspectors = mitm.Sections(
            "inspectors", "[{ type = \"My.Inspector, My.Assembly\", on-error = closed }]", inspector => new InspectorSettings(
                inspector.Value<string>("type", ScalarText.Read), inspector.Value<InspectorError>("on-error", ScalarText.ReadName))),
        Capture = mitm.Section("capture", capture => new CaptureSettings
        {
            Level = capture.Value<CaptureLevel>("level", ScalarText.ReadName),
            Ring = capture.Value("ring", ScalarText.ReadCount(1, 1_000_000)),
            MemoryBudget = capture.Value("memory-budget", SizeText.Between(64 * 1024, int.MaxValue)),
            BodyLimit = capture.Value("body-limit", SizeText.Between(0, 64 * 1024 * 1024)),
            RedactFields = capture.List<string>("redact-fields", "[authorization, cookie]", FieldText.ReadName),
            RedactParameters = capture.List<string>("redact-params", "[password, token]", ScalarText.Read),
            IsForReaders = capture.Value<bool>("read-token", ScalarText.ReadFlag),
        }),
        RawFlows = RawFlowReader.Read(mitm),
        Datagrams = RawFlowReader.ReadDatagrams(mitm),
    };
}
