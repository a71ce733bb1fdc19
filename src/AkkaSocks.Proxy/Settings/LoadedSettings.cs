namespace AkkaSocks.Proxy.Settings;

/// <summary>A configuration that passed every check.</summary>
/// <param name="Proxy">All under <c>akkasocks</c>.</param>
/// <param name="AkkaHocon">All under <c>akka</c>, references resolved, as HOCON for the actor system.</param>
/// <param name="Places">Where each key stands.</param>
internal sealed record LoadedSettings(ProxySettings Proxy, string AkkaHocon, ConfigPlaces Places);
