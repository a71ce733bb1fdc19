namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// How long the last wrong passwords took from question to verdict, waiting included: as long takes the verdict of those that
/// were not verified at all, because somebody is banned. Not for several threads.
/// </summary>
internal sealed class VerdictTimes
{
    private readonly TimeSpan[] _last = new TimeSpan[32];
    private int _count;

    /// <summary>A wrong password took so long.</summary>
    public void Add(TimeSpan time) => _last[_count++ % _last.Length] = time;

    /// <summary>One of them, by chance; zero while there is none.</summary>
    public TimeSpan Draw() => _count == 0 ? TimeSpan.Zero : _last[Random.Shared.Next(Math.Min(_count, _last.Length))];
}
