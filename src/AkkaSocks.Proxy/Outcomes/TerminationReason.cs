namespace AkkaSocks.Proxy.Outcomes;

/// <summary>Stand-in.</summary>
internal enum TerminationReason : byte
{
    /// <summary>An operator ended it.</summary>
    Operator,
}
