namespace AkkaSocks.Proxy.Capture;

/// <summary>Something in an exchange that a rule has changed.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="What">What it was, of a closed set of words, such as response-body.</param>
internal sealed record CapturedEdit(string Rule, string What);
