namespace AkkaSocks.Mitm.Rules;

/// <summary>What a rule may ask of a request.</summary>
/// <param name="Host">The host that the client names, without a port.</param>
/// <param name="Path">The path, decoded and without dots.</param>
/// <param name="Method">The method.</param>
/// <param name="User">Who has logged in; null when nobody had to.</param>
internal readonly record struct RequestFacts(string Host, string Path, string Method, string? User);
