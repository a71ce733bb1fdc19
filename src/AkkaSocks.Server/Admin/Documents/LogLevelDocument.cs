namespace AkkaSocks.Server.Admin.Documents;

/// <summary>From which level on a node writes its log.</summary>
/// <param name="Level">debug, info, warning or error.</param>
internal sealed record LogLevelDocument(string Level);
