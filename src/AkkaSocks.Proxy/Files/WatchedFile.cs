namespace AkkaSocks.Proxy.Files;

/// <summary>
/// The parsed content of a file that others may rewrite while we run. Asking for it costs no system call: when the last look
/// is too long ago, another thread looks again while the old content goes on being used.
/// </summary>
/// <typeparam name="T">What the text is parsed to; immutable.</typeparam>
internal sealed class WatchedFile<T>
    where T : class
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly Func<string, T> _parse;
    private readonly TimeProvider _clock;
    private volatile T _current;
    private FileStamp _seen;
    private long _lookedAt;
    private int _looking;

    /// <summary>Reads the file once, at once.</summary>
    /// <param name="path">A file that cannot be read counts as an empty one.</param>
    /// <param name="parse">Must not throw, whatever the text.</param>
    /// <param name="clock">The time since the last look is measured by its monotonic side.</param>
    public WatchedFile(string path, Func<string, T> parse, TimeProvider clock)
    {
        _path = path;
        _parse = parse;
        _clock = clock;
        _lookedAt = clock.GetTimestamp();
        _current = parse(string.Empty);
        Look();
    }

    /// <summary>The content as of the last look.</summary>
    public T Current
    {
        get
        {
            if (_clock.GetElapsedTime(Volatile.Read(ref _lookedAt)) > LookAgainAfter
                && Interlocked.Exchange(ref _looking, 1) == 0)
                ThreadPool.UnsafeQueueUserWorkItem(static file => file.LookAgain(), this, preferLocal: false);

            return _current;
        }
    }

    private void LookAgain()
    {
        Look();
        Volatile.Write(ref _lookedAt, _clock.GetTimestamp());
        Volatile.Write(ref _looking, 0);
    }

    private void Look()
    {
        try
        {
            var found = FileStamp.Of(_path);
            if (found == _seen)
                return;

            _current = _parse(found == default ? string.Empty : File.ReadAllText(_path));
            _seen = found;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Being rewritten, or not ours to read: what was read before stays, and the next look tries again.
        }
    }
}
