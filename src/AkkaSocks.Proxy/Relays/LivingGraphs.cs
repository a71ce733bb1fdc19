namespace AkkaSocks.Proxy.Relays;

/// <summary>How many graphs of relays run now, in all lanes. Most of them share an actor, so the actors do not tell.</summary>
internal sealed class LivingGraphs
{
    private int _count;

    /// <summary>So many.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>One has started.</summary>
    public void Add() => Interlocked.Increment(ref _count);

    /// <summary>One that had started has ended.</summary>
    public void Remove() => Interlocked.Decrement(ref _count);
}
