using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>How long messages of one type wait for actors of one type, and how long these handle them.</summary>
/// <param name="Actor">The receiver, as <see cref="ActorNames"/> calls it.</param>
/// <param name="Message">The message, as <see cref="ActorNames"/> calls it.</param>
/// <param name="Waiting">In the mailbox.</param>
/// <param name="Handling">From the mailbox to the end of the actor's turn with it.</param>
internal sealed record MessageTiming(string Actor, string Message, Histogram Waiting, Histogram Handling);
