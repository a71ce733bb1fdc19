using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Server.Hosting;

/// <summary>What came of reading the configuration again.</summary>
/// <param name="Settings">Null when there is a problem with it.</param>
/// <param name="Problems">Why it is refused.</param>
internal sealed record ConfigReading(LoadedSettings? Settings, ImmutableArray<SettingsProblem> Problems);
