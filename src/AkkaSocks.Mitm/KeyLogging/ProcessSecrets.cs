using System.IO.Pipes;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;

namespace AkkaSocks.Mitm.KeyLogging;

/// <summary>
/// The secrets of all TLS of this process, one a line, as .NET tells them. It knows one way: before the first TLS of a process a switch
/// and a variable name a file, for everything and for ever. Here that is a pipe whose other end the process has itself, so that no secret
/// is anywhere that somebody did not ask for.
/// </summary>
internal static class ProcessSecrets
{
    private const string Switch = "System.Net.EnableSslKeyLogging", Variable = "SSLKEYLOGFILE", Descriptors = "/proc/self/fd";
    private const int OwnEnds = 2;

    /// <summary>Begins to have them told. Whoever reads must not stop: each handshake waits until its secrets fit into the pipe.</summary>
    /// <exception cref="KeyLogUnavailableException">This system, or a process that has used TLS already, does not tell them.</exception>
    public static StreamReader Open()
    {
        if (!OperatingSystem.IsLinux())
            throw new KeyLogUnavailableException("only on Linux does .NET tell the secrets of TLS");
        var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var before = Environment.GetEnvironmentVariable(Variable);
        AppContext.SetSwitch(Switch, true);
        var path = Path.Combine(Descriptors, $"{pipe.ClientSafePipeHandle.DangerousGetHandle()}");
        Environment.SetEnvironmentVariable(Variable, path);
        try
        {
            UseTls();
        }
        finally
        {
            AppContext.SetSwitch(Switch, false);
            Environment.SetEnvironmentVariable(Variable, before);
        }

        if (EndsOf(path) <= OwnEnds)
            throw new KeyLogUnavailableException("the process has used TLS before it was told to tell its secrets");
        pipe.DisposeLocalCopyOfClientHandle();
        return new StreamReader(pipe, Encoding.ASCII);
    }

    /// <summary>How many descriptors of this process are ends of a pipe: .NET opens one more, or keeps quiet about why not.</summary>
    private static int EndsOf(string path)
    {
        var pipe = new FileInfo(path).LinkTarget;
        return Directory.EnumerateFileSystemEntries(Descriptors).Count(descriptor => new FileInfo(descriptor).LinkTarget == pipe);
    }

    /// <summary>Begins a handshake that nobody answers.</summary>
    private static void UseTls()
    {
        using var tls = new SslStream(new MemoryStream());
        try
        {
            tls.AuthenticateAsClient("localhost");
        }
        catch (Exception end) when (end is IOException or AuthenticationException)
        {
            // It got as far as it should.
        }
    }
}
