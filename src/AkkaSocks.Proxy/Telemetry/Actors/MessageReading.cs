using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>What was measured of messages of one type to actors of one type.</summary>
/// <param name="Actor">The receiver, as <see cref="ActorNames"/> calls it.</param>
/// <param name="Message">The message, as <see cref="ActorNames"/> calls it.</param>
/// <param name="Failed">Exceptions that they caused.</param>
/// <param name="Waiting">Times in the mailbox, of those that were timed.</param>
/// <param name="Handling">Times the actor took, of those that were timed.</param>
internal sealed record MessageReading(string Actor, string Message, long Failed, Distribution Waiting, Distribution Handling);
