using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings;

/// <summary>A configuration that passed every check.</summary>
/// <param name="Proxy">All under <c>akkasocks</c>.</param>
/// <param name="AkkaHocon">All under <c>akka</c>, references resolved, as HOCON for the actor system.</param>
/// <param name="Picture">What was written, key by key.</param>
/// <param name="Places">Where each key stands.</param>
/// <param name="Files">The files that it was read from, those included too.</param>
internal sealed record LoadedSettings(
    ProxySettings Proxy, string AkkaHocon, ConfigPicture Picture, ConfigPlaces Places, ImmutableArray<string> Files);
