using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Server.Hosting;

/// <summary>What came of a reload.</summary>
/// <param name="Config">What the node goes by now.</param>
/// <param name="Applied">The keys that differed and have been applied.</param>
/// <param name="Waiting">The keys that differ and need a restart.</param>
/// <param name="Problems">Why nothing has changed; empty when it went well.</param>
internal sealed record ReloadOutcome(
    ConfigVersion Config, ImmutableArray<string> Applied, ImmutableArray<string> Waiting, ImmutableArray<SettingsProblem> Problems);
