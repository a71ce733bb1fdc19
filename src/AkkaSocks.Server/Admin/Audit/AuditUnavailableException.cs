using AkkaSocks.Proxy.Listening;

namespace AkkaSocks.Server.Admin.Audit;

/// <summary>The audit log's file cannot be written, so the node did not start.</summary>
internal sealed class AuditUnavailableException(string file, Exception cause)
    : StartFailedException($"log.audit.file: cannot write {file}: {cause.Message}", cause);
