using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace AkkaSocks.Proxy.Transport.Tls;

/// <summary>
/// Decrypts and encrypts the bytes of one <see cref="SecuredConnection"/>, on the caller's thread, with <see cref="SslStream"/> that is
/// made to do so without ever waiting: it reads from and writes to a <see cref="RecordStream"/>.
/// </summary>
/// <remarks>
/// Readiness costs no buffer: a read of zero bytes stands in <see cref="SslStream"/> while there is nothing, and completes with
/// the first whole record.
/// </remarks>
internal sealed unsafe class TlsCipher(SslStream tls, RecordStream records) : IDisposable
{
    // More than header, nonce and tag of a record in any cipher suite we have.
    private const int OverheadPerRecord = 64;

    private ValueTask<int> _probe;
    private bool _isProbing, _hasDecrypted;

    /// <summary>Why nothing more can be read or written; success while it can.</summary>
    public SocketError Error { get; private set; }

    /// <summary>The far end has said that nothing more comes, and everything before that was read.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>From now on it has failed so, unless it has failed before.</summary>
    public void Break(SocketError error) => Error = Error == SocketError.Success ? error : Error;

    /// <summary>A read would give bytes, the end, or an error. Goes on with the read of nothing that waits for it.</summary>
    public bool HasSomething()
    {
        if (_hasDecrypted || HasEnded || Error != SocketError.Success)
            return true;
        try
        {
            if (_isProbing)
                records.Resume();
            else
                _probe = tls.ReadAsync(Memory<byte>.Empty);
            _isProbing = !_probe.IsCompleted;
            if (!_isProbing)
            {
                _probe.GetAwaiter().GetResult();
                _hasDecrypted = true;
            }
            else if (records.Error != SocketError.Success)
            {
                Error = records.Error;
            }
        }
        catch (Exception failure) when (IsOfTls(failure))
        {
            Error = SocketError.ConnectionAborted;
        }

        return _hasDecrypted || Error != SocketError.Success;
    }

    /// <summary>Takes what is decrypted, after <see cref="HasSomething"/>. 0 at the end and when it failed.</summary>
    public int Decrypt(Span<byte> into)
    {
        if (!_hasDecrypted)
            return 0;
        _hasDecrypted = false;
        records.MustNotWait = true;
        fixed (byte* start = into)
        {
            try
            {
                var got = tls.ReadAsync(BorrowedMemory.Lend(start, into.Length)).GetAwaiter().GetResult();
                HasEnded = got == 0;
                return got;
            }
            catch (Exception failure) when (IsOfTls(failure))
            {
                Error = SocketError.ConnectionAborted;
                return 0;
            }
            finally
            {
                BorrowedMemory.GiveBack();
                records.MustNotWait = false;
            }
        }
    }

    /// <summary>Adds these bytes to what is to be sent.</summary>
    public void Encrypt(ReadOnlySpan<byte> from)
    {
        records.Expect(from.Length + (((from.Length >> 14) + 1) * OverheadPerRecord));
        fixed (byte* start = from)
        {
            try
            {
                tls.WriteAsync(BorrowedMemory.Lend(start, from.Length)).GetAwaiter().GetResult();
            }
            catch (Exception failure) when (IsOfTls(failure))
            {
                Error = SocketError.ConnectionAborted;
            }
            finally
            {
                BorrowedMemory.GiveBack();
            }
        }
    }

    /// <summary>Adds close_notify.</summary>
    public void SayGoodbye()
    {
        try
        {
            // Completes at once, as every write to the records does.
            tls.ShutdownAsync().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (IsOfTls(failure))
        {
            Error = SocketError.ConnectionAborted;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        records.End();
        if (_isProbing)
        {
            _isProbing = false;
            try
            {
                _probe.GetAwaiter().GetResult();
            }
            catch (Exception failure) when (IsOfTls(failure))
            {
                // The end cut a record: of a connection that is closed, no news.
            }
        }

        tls.Dispose();
    }

    private static bool IsOfTls(Exception failure) =>
        failure is IOException or AuthenticationException or InvalidOperationException or NotSupportedException;
}
