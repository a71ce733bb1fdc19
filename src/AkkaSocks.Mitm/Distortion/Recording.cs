using Akka;
using Akka.Event;
using Akka.IO;
using Akka.Streams.Dsl;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>Writes all bytes of a direction into a file of its own. A tunnel outlives a disk that is full.</summary>
internal sealed class Recording
{
    private readonly string _file;
    private readonly ILoggingAdapter _log;
    private FileStream? _stream;
    private bool _failed;

    private Recording(string file, ILoggingAdapter log) => (_file, _log) = (file, log);

    /// <summary>The flow. The file is <c>SESSION.up</c> or <c>SESSION.down</c>, for its owner alone, made with the first byte.</summary>
    public static Flow<ByteString, ByteString, NotUsed> Flow(string directory, RawFlowContext context, ILoggingAdapter log)
    {
        var name = $"{context.Session}.{(context.Direction == FlowDirection.Up ? "up" : "down")}";
        var recording = new Recording(Path.Combine(directory, name), log);
        return Akka.Streams.Dsl.Flow.Create<ByteString>()
            .SelectAsync(1, recording.WriteAsync)
            .WatchTermination((mat, done) =>
            {
                done.ContinueWith(_ => recording._stream?.DisposeAsync().AsTask() ?? Task.CompletedTask, TaskScheduler.Default);
                return mat;
            });
    }

    private async Task<ByteString> WriteAsync(ByteString bytes)
    {
        if (_failed)
            return bytes;
        try
        {
            _stream ??= Open();
            await _stream.WriteAsync(bytes.ToArray()).ConfigureAwait(false);
            await _stream.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failed = true;
            _log.Warning("{0} is not recorded any further: {1}", _file, e.Message);
        }

        return bytes;
    }

    private FileStream Open()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(_file, options);
    }
}
