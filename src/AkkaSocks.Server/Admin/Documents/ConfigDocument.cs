using System.Collections.Immutable;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>Which configuration a node goes by.</summary>
/// <param name="Epoch">1 at its start, and one more with every reload that changed something.</param>
/// <param name="Hash">Alike for nodes that go by the same.</param>
/// <param name="NeedsRestart">Its files say more than it goes by.</param>
internal sealed record ConfigDocument(int Epoch, string Hash, bool NeedsRestart)
{
    /// <summary>The document of a version.</summary>
    public static ConfigDocument? Of(ConfigVersion? config) => config is null ? null : new(config.Epoch, config.Hash, config.NeedsRestart);
}

/// <summary>The configuration was read again and is gone by.</summary>
/// <param name="Config">Which that is.</param>
/// <param name="Applied">Keys that differed and count for new sessions from now on.</param>
/// <param name="NeedRestart">Keys that differ and count when the node is started again.</param>
internal sealed record ReloadDocument(ConfigDocument Config, ImmutableArray<string> Applied, ImmutableArray<string> NeedRestart);
