namespace AkkaSocks.Proxy.Auth.Bans;

/// <summary>
/// A ban, or that one was lifted, as nodes tell it to each other and to operators: with how long it still holds, not until when.
/// Clocks of nodes differ and may be set; what is left of a time survives both, and is wrong only by how long the message took,
/// always to the longer side.
/// </summary>
/// <param name="Target">Who.</param>
/// <param name="Version">Which act this is.</param>
/// <param name="Cause">Why.</param>
/// <param name="Reason">The operator's words; null without.</param>
/// <param name="IsLifted">An operator has lifted it: said for as long as somebody may still know the ban.</param>
/// <param name="Remaining">What is left of it.</param>
internal sealed record BanNotice(
    BanTarget Target, BanVersion Version, BanCause Cause, string? Reason, bool IsLifted, TimeSpan Remaining);

/// <summary>Why somebody is banned. The numbers go over the wire.</summary>
internal enum BanCause : byte
{
    /// <summary>Too many failed logins.</summary>
    Failures = 1,

    /// <summary>An operator said so.</summary>
    Operator = 2,
}
