namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>A node knows users as they were: logins go on with that, and changes made elsewhere are unknown.</summary>
/// <param name="Since">When it was noticed that the shared store is away.</param>
/// <param name="Reason">Why it is, in words that can follow a colon.</param>
internal sealed record Staleness(DateTimeOffset Since, string Reason);
