namespace AkkaSocks.Proxy.Telemetry;

/// <summary>Which configuration a node goes by.</summary>
/// <param name="Epoch">1 at its start, and one more with every reload that changed something.</param>
/// <param name="Hash">Alike for nodes that go by the same.</param>
/// <param name="NeedsRestart">Its files say more than it goes by: keys differ that need a restart.</param>
internal sealed record ConfigVersion(int Epoch, string Hash, bool NeedsRestart);
