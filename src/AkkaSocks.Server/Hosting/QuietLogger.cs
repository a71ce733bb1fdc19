using Akka.Event;

namespace AkkaSocks.Server.Hosting;

/// <summary>Drops what Akka itself says at level info: news for its developers, not for whoever runs a proxy. Warnings and errors
/// stay, and so does everything of ours. Not installed at level debug.</summary>
internal sealed class ChatterFilter : LogFilterBase
{
    private const string AkkaNamespace = "Akka.";

    /// <inheritdoc/>
    public override LogFilterType FilterType => LogFilterType.Source;

    /// <inheritdoc/>
    public override LogFilterDecision ShouldKeepMessage(LogEvent content, string? expandedMessage = null) =>
        content.LogLevel() <= LogLevel.InfoLevel && (content.LogClass.FullName ?? "").StartsWith(AkkaNamespace, StringComparison.Ordinal)
            ? LogFilterDecision.Drop
            : LogFilterDecision.NoDecision;
}
