using System.IO.Pipelines;
using System.Net.Security;

namespace AkkaSocks.Mitm.Interception;

/// <summary>One side of a tunnel: its bytes, and how it is ended.</summary>
internal sealed class RelayEnd : IDuplexPipe
{
    private readonly IDuplexPipe _raw;
    private readonly SslStream? _tls;

    /// <summary>A side as it is on the wire.</summary>
    public RelayEnd(IDuplexPipe raw) => (_raw, Input, Output) = (raw, raw.Input, raw.Output);

    /// <summary>A side inside TLS. While nothing comes it holds no buffer.</summary>
    public RelayEnd(IDuplexPipe raw, SslStream tls)
    {
        (_raw, _tls) = (raw, tls);
        Input = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true));
    }

    /// <summary>What this side sends.</summary>
    public PipeReader Input { get; }

    /// <summary>What it is sent.</summary>
    public PipeWriter Output { get; }

    /// <summary>Says that nothing more will come: close_notify where there is TLS, and FIN.</summary>
    /// <exception cref="IOException">The side is gone.</exception>
    public async Task FinishAsync()
    {
        if (_tls is not null)
        {
            await Output.CompleteAsync().ConfigureAwait(false);
            await _tls.ShutdownAsync().ConfigureAwait(false);
        }

        await _raw.Output.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Breaks it off: RST.</summary>
    public void Cut(Exception cause)
    {
        _raw.Output.Complete(cause);
        _raw.Input.Complete();
    }
}
