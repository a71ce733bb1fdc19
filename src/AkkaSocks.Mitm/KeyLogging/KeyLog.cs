using System.Text;
using AkkaSocks.Mitm.Certificates;
using AkkaSocks.Mitm.Sniffing;

namespace AkkaSocks.Mitm.KeyLogging;

/// <summary>
/// The secrets of intercepted connections in the NSS key log format, both sides of each: with them and a recording of the network Wireshark
/// reads what has passed, at any time later. Lives as long as the process.
/// </summary>
/// <remarks>
/// <code>
/// handshake of a tunnel ── Expect ──► ExpectedSecrets
///                                          │ covers?
/// all TLS of the process ── pipe ──► this thread ──► file
/// </code>
/// </remarks>
internal sealed class KeyLog
{
    // Handshakes of ten seconds at 3,000 a second, each with its two sides; about 6 MB.
    private const int MostExpected = 60_000;

    private readonly ExpectedSecrets _expected = new(MostExpected);
    private readonly StreamReader _secrets;
    private readonly FileStream _file;
    private readonly Action<Exception> _report;

    private KeyLog(StreamReader secrets, FileStream file, Action<Exception> report) =>
        (_secrets, _file, _report) = (secrets, file, report);

    /// <summary>Begins to write.</summary>
    /// <param name="path">The file; what is in it stays. One that is made is its owner's alone.</param>
    /// <param name="report">Is told when it cannot be written any more, once.</param>
    /// <exception cref="KeyLogUnavailableException">It cannot be written, others may read it, or secrets are not told.</exception>
    public static KeyLog Open(string path, Action<Exception> report)
    {
        var file = OpenFile(path);
        var log = new KeyLog(ProcessSecrets.Open(), file, report);
        new Thread(log.Run) { IsBackground = true, Name = "akkasocks-key-log" }.Start();
        return log;
    }

    /// <summary>A handshake begins whose secrets are to be written.</summary>
    public void Expect(ClientRandom random) => _expected.Add(random);

    private static FileStream OpenFile(string path)
    {
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnersAlone.ReadAndWrite;
            var file = new FileStream(path, options);
            if (!OperatingSystem.IsWindows() && OwnersAlone.Violation(File.GetUnixFileMode(file.SafeFileHandle)) is { } mode)
            {
                file.Dispose();
                throw new KeyLogUnavailableException(
                    $"others than its owner may use {path} ({mode}); whoever has it can read what was intercepted. chmod go= {path}");
            }

            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new KeyLogUnavailableException(e.Message, e);
        }
    }

    private void Run()
    {
        var hasFailed = false;
        while (_secrets.ReadLine() is { } line)
        {
            if (!_expected.Covers(line))
                continue;
            try
            {
                _file.Write(Encoding.ASCII.GetBytes(line + "\n"));
                hasFailed = false;
            }
            catch (IOException cause)
            {
                // A disk that is full ends no handshake; each waits for its secrets to be taken.
                if (!hasFailed)
                    _report(cause);
                hasFailed = true;
            }
        }
    }
}
