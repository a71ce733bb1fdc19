namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>The JSON line of a load process.</summary>
/// <param name="Figures">What was measured, by name; the unit is part of the name.</param>
/// <param name="Error">Why the figures must not be believed; null when they may.</param>
internal sealed record LoadOutcome(Dictionary<string, double> Figures, string? Error);
