using System.Collections.Immutable;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>A ban as the API shows it.</summary>
/// <param name="Id">Names this act of banning; another one of the same client has another id.</param>
/// <param name="Address">The IPv4 address or IPv6 /64; null for wherever the user comes from.</param>
/// <param name="User">The user, escaped as in the session log when it is no text; null for whoever comes from the address.</param>
/// <param name="Cause"><c>failures</c> or <c>operator</c>.</param>
/// <param name="Reason">The operator's words; null without.</param>
/// <param name="ExpiresInSeconds">What is left of it.</param>
internal sealed record BanDocument(string Id, string? Address, string? User, string Cause, string? Reason, double ExpiresInSeconds);

/// <summary>Some bans, the oldest first.</summary>
/// <param name="Items">They.</param>
/// <param name="Next">What <c>after</c> must be for the next page; null when this is the last.</param>
internal sealed record BanPage(ImmutableArray<BanDocument> Items, string? Next);
