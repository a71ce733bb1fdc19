namespace AkkaSocks.Mitm.Interception;

/// <summary>Why a session has no origin to forward to: a feature of its connection.</summary>
/// <param name="Reason">One of a closed set of words.</param>
/// <param name="Text">A sentence for people.</param>
internal sealed record OriginFault(string Reason, string Text);
