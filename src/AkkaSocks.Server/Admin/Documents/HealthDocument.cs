using System.Collections.Immutable;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>The answer to a health check.</summary>
/// <param name="Status"><c>ok</c>, or what is the matter in a word.</param>
/// <param name="Reasons">Why it is not ok.</param>
/// <param name="Warnings">What to look at although clients are served.</param>
internal sealed record HealthDocument(string Status, ImmutableArray<string> Reasons, ImmutableArray<string> Warnings);
