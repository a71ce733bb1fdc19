using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>A TLS client on a blocking socket, by OpenSSL itself: cheaper than <see cref="System.Net.Security.SslStream"/>, so that
/// more of the machine is left to what is measured, and it tells whether a session was resumed.</summary>
internal sealed unsafe partial class OpenSsl : IDisposable
{
    private const string Library = "libssl.so.3";
    private const int BothShutDown = 3;
    private const int SetServerName = 55;

    private static readonly nint Context = NewContext();

    private readonly nint _ssl;

    private OpenSsl(nint ssl) => _ssl = ssl;

    /// <summary>Whether the handshake resumed a session.</summary>
    public bool IsResumed => SessionReused(_ssl) == 1;

    /// <summary>Completes a handshake; null when it failed.</summary>
    /// <param name="socket">A connected descriptor that blocks.</param>
    /// <param name="session">To resume, or 0.</param>
    public static OpenSsl? Connect(int socket, nint session)
    {
        var ssl = New(Context);
        fixed (byte* name = "proxy.test\0"u8)
            Control(ssl, SetServerName, 0, (nint)name);
        if (session != 0)
        {
            SetSession(ssl, session);
        }

        SetDescriptor(ssl, socket);
        if (Connect(ssl) == 1)
        {
            return new OpenSsl(ssl);
        }

        Free(ssl);
        return null;
    }

    /// <summary>Bytes written, or below 1.</summary>
    public int Write(byte* from, int length) => Write(_ssl, from, length);

    /// <summary>Bytes read, or below 1.</summary>
    public int Read(byte* into, int length) => Read(_ssl, into, length);

    /// <summary>Exactly so many bytes.</summary>
    public bool ReadAll(byte* into, int length)
    {
        for (var got = 0; got < length;)
        {
            var n = Read(_ssl, into + got, length - got);
            if (n <= 0)
            {
                return false;
            }

            got += n;
        }

        return true;
    }

    /// <summary>The session to resume next, owned by the caller; in TLS 1.3 it is there once something was read.</summary>
    public nint TakeSession() => TakeSession(_ssl);

    /// <summary>Frees a session.</summary>
    public static void Forget(nint session)
    {
        if (session != 0)
        {
            FreeSession(session);
        }
    }

    public void Dispose()
    {
        // A session whose connection was not shut down is thrown away.
        SetShutdown(_ssl, BothShutDown);
        Free(_ssl);
    }

    private static nint NewContext()
    {
        var context = NewContext(ClientMethod());
        return context != 0 ? context : throw new InvalidOperationException("OpenSSL gives no context.");
    }

    [LibraryImport(Library, EntryPoint = "TLS_client_method")]
    private static partial nint ClientMethod();

    [LibraryImport(Library, EntryPoint = "SSL_CTX_new")]
    private static partial nint NewContext(nint method);

    [LibraryImport(Library, EntryPoint = "SSL_new")]
    private static partial nint New(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_free")]
    private static partial void Free(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_ctrl")]
    private static partial nint Control(nint ssl, int command, nint number, nint pointer);

    [LibraryImport(Library, EntryPoint = "SSL_set_fd")]
    private static partial int SetDescriptor(nint ssl, int descriptor);

    [LibraryImport(Library, EntryPoint = "SSL_connect")]
    private static partial int Connect(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_read")]
    private static partial int Read(nint ssl, byte* into, int length);

    [LibraryImport(Library, EntryPoint = "SSL_write")]
    private static partial int Write(nint ssl, byte* from, int length);

    [LibraryImport(Library, EntryPoint = "SSL_session_reused")]
    private static partial int SessionReused(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_set_session")]
    private static partial int SetSession(nint ssl, nint session);

    [LibraryImport(Library, EntryPoint = "SSL_get1_session")]
    private static partial nint TakeSession(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_SESSION_free")]
    private static partial void FreeSession(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_set_shutdown")]
    private static partial void SetShutdown(nint ssl, int mode);
}
