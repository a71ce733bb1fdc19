using System.Text;
using System.Text.Json;
using Akka.Event;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin.Audit;

/// <summary>
/// Who changed what: one JSON line per change that an operator made through this node, appended to a file, or said in the
/// process log where there is none. Text in it is escaped to ASCII, so a line is a line.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    // What opens the API to changes; the token of readers changes nothing.
    private const string Writer = "admin.token";

    private readonly Lock _writing = new();
    private readonly FileStream? _file;
    private readonly string _node;
    private readonly ILoggingAdapter _log;
    private readonly TimeProvider _clock;

    /// <summary>Opens it.</summary>
    /// <param name="file">Appended to, made for its owner alone when it is not there; "" for the process log.</param>
    /// <param name="node"><c>node.name</c>.</param>
    /// <param name="log">The process log.</param>
    /// <param name="clock">For the time of a line.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public AuditLog(string file, string node, ILoggingAdapter log, TimeProvider clock)
    {
        (_node, _log, _clock) = (node, log, clock);
        if (file.Length == 0)
            return;
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(file, options);
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>A change was made.</summary>
    /// <param name="context">The request that asked for it.</param>
    /// <param name="action">What was done, in kebab case.</param>
    /// <param name="subject">To what.</param>
    public void Write(HttpContext context, string action, string subject) =>
        Write(LineOf(context, action, subject, null, null, null));

    /// <summary>A user was added, changed or removed.</summary>
    /// <param name="context">The request that asked for it.</param>
    /// <param name="before">Null when it was added.</param>
    /// <param name="after">Null when it was removed.</param>
    public void Write(HttpContext context, UserRecord? before, UserRecord? after)
    {
        var action = before is null ? "user-added" : after is null ? "user-removed" : "user-changed";
        bool? hasOtherPassword = before is null || after is null ? null : before.Password != after.Password;
        var subject = Encoding.UTF8.GetString((before ?? after)!.Name.Bytes);
        Write(LineOf(context, action, subject, AuditedUser.Of(before), AuditedUser.Of(after), hasOtherPassword));
    }

    private AuditDocument LineOf(
        HttpContext context, string action, string subject, AuditedUser? before, AuditedUser? after, bool? hasOtherPassword) => new(
        _clock.GetUtcNow(),
        _node,
        Writer,
        $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}",
        action,
        subject,
        before,
        after,
        hasOtherPassword);

    private void Write(AuditDocument line)
    {
        var text = JsonSerializer.Serialize(line, AdminJson.Default.AuditDocument);
        if (_file is null)
        {
            _log.Info("Audit: {0}", text);
            return;
        }

        try
        {
            lock (_writing)
                _file.Write(Encoding.ASCII.GetBytes(text + "\n"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // It has been done: that it is nowhere to be read must at least be said.
            _log.Error(failure, "The audit log cannot be written; it has not: {0}", text);
        }
    }
}
