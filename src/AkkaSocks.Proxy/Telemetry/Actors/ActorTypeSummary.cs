namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>All actors of one type together.</summary>
/// <param name="Name">The type, as <see cref="ActorNames"/> calls it.</param>
/// <param name="Live">Those that live.</param>
/// <param name="Started">Those that were started.</param>
/// <param name="Failed">Exceptions they let out.</param>
/// <param name="Restarted">Those that were started anew.</param>
/// <param name="Messages">Messages taken out of their mailboxes.</param>
/// <param name="Waiting">Messages that wait in them.</param>
/// <param name="Peak">Messages that waited in one of them at most, of late.</param>
internal sealed record ActorTypeSummary(
    string Name, long Live, long Started, long Failed, long Restarted, long Messages, long Waiting, long Peak);
