namespace AkkaSocks.Proxy.Files;

/// <summary>
/// A file that lines are appended to, and that makes room for a new one when it is large or old: it becomes NAME.1, what was that NAME.2,
/// and so on, as many as are kept. When somebody else has moved it away or cut it, as logrotate does, it is opened anew within a second.
/// </summary>
/// <remarks>What is written at once stays together in one file. For one writer. When it cannot be moved it goes on growing.</remarks>
internal sealed class RotatingFile : Stream
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(1);

    private readonly string _path;
    private readonly long _maxBytes;
    private readonly TimeSpan _maxAge;
    private readonly int _keep;
    private readonly TimeProvider _clock;
    private FileStream? _file;
    private long _length, _lookedAt;
    private DateTimeOffset _since;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="maxBytes">How large it may become; null for no end.</param>
    /// <param name="maxAge">How old; zero for no end.</param>
    /// <param name="keep">How many of those before are kept.</param>
    /// <param name="clock">For its age.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public RotatingFile(string path, long? maxBytes, TimeSpan maxAge, int keep, TimeProvider clock)
    {
        (_path, _maxBytes, _maxAge, _keep, _clock) = (path, maxBytes ?? long.MaxValue, maxAge, keep, clock);
        _file = Open();
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_length > 0 && (_length + buffer.Length > _maxBytes || IsOld) && _clock.GetUtcNow() >= _notBefore)
            Rotate();
        else if (WasTaken())
            Close(ref _file);
        (_file ??= Open()).Write(buffer);
        _length += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Close(ref _file);
        base.Dispose(disposing);
    }

    private bool IsOld => _maxAge > TimeSpan.Zero && _clock.GetUtcNow() - _since >= _maxAge;

    private void Rotate()
    {
        try
        {
            for (var number = _keep - 1; number >= 1; number--)
            {
                if (File.Exists($"{_path}.{number}"))
                    File.Move($"{_path}.{number}", $"{_path}.{number + 1}", overwrite: true);
            }

            File.Move(_path, $"{_path}.1", overwrite: true);
            Close(ref _file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _notBefore = _clock.GetUtcNow() + TryAgainAfter;
        }
    }

    private bool WasTaken()
    {
        if (_file is null || _clock.GetElapsedTime(_lookedAt) < LookEvery)
            return false;
        _lookedAt = _clock.GetTimestamp();
        var file = new FileInfo(_path);
        return !file.Exists || file.Length < _length;
    }

    // Unbuffered: whoever writes gathers lines itself, and a line that could not be written must not come back later.
    private FileStream Open()
    {
        var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        _length = file.CanSeek ? file.Length : 0;
        _since = _length == 0 ? _clock.GetUtcNow() : File.GetCreationTimeUtc(_path);
        _lookedAt = _clock.GetTimestamp();
        return file;
    }

    private static void Close(ref FileStream? file)
    {
        file?.Dispose();
        file = null;
    }
}
