namespace AkkaSocks.Proxy.Relays;

/// <summary>Two things must have happened before a third may: the one that comes second sees true.</summary>
internal sealed class BothSides
{
    private int _arrived;

    /// <summary>Called once by each; a full fence, so that the second sees what the first has written.</summary>
    public bool IsSecond() => Interlocked.Increment(ref _arrived) == 2;
}
