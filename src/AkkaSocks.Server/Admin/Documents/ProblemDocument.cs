using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>RFC 9457 §3.</summary>
/// <param name="Type">Which problem it is: a closed set.</param>
/// <param name="Title">The words of the status.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong here.</param>
/// <param name="Errors">Each field that is wrong, where it is fields.</param>
internal sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<FieldProblem>? Errors);

/// <summary>One wrong field of a body, or parameter of a path or query, or key of a configuration.</summary>
/// <param name="Field">Its name, such as <c>labels.team</c>.</param>
/// <param name="Detail">What was expected. Nothing of what was sent: it may be a password.</param>
/// <param name="Source">Where a key of a configuration stands: a file, or what else has set it.</param>
/// <param name="Line">The line in a file, from 1.</param>
internal sealed record FieldProblem(
    string Field,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Line = null);
