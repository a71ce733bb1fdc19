using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings.Exchanges;

/// <summary>What is done to intercepted exchanges: the part of <c>mitm</c> that is about what passes, not about how it is opened.</summary>
internal sealed record ExchangeSettings
{
    /// <summary><c>mitm.rules</c>, in their order.</summary>
    public required ImmutableArray<RuleSettings> Rules { get; init; }

    /// <summary><c>mitm.bodies</c>.</summary>
    public required BodySettings Bodies { get; init; }

    /// <summary><c>mitm.inspectors</c>, in their order.</summary>
    public required ImmutableArray<InspectorSettings> Inspectors { get; init; }

    /// <summary><c>mitm.capture</c>.</summary>
    public required CaptureSettings Capture { get; init; }

    /// <summary><c>mitm.raw-flows</c>, in their order. They are no part of interception, and need none.</summary>
    public required ImmutableArray<RawFlowSettings> RawFlows { get; init; }

    /// <summary><c>mitm.datagrams</c>, in their order.</summary>
    public required ImmutableArray<RawFlowSettings> Datagrams { get; init; }
}

/// <summary><c>mitm.bodies</c>: what editing a body may cost.</summary>
/// <param name="MaxSize">Decoded bytes that are held for a regex; a longer body passes as it is.</param>
/// <param name="MaxRatio">How many times its size a compressed body may become; more is a bomb, and ends the exchange.</param>
internal sealed record BodySettings(int MaxSize, int MaxRatio);
