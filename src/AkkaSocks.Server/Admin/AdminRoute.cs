using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary>A path of the API: what serves it, and what its description says of it.</summary>
/// <param name="Method">GET, PUT, POST or DELETE.</param>
/// <param name="Pattern">The path, with names in braces for its variable parts.</param>
/// <param name="Summary">What it is for, in a sentence.</param>
/// <param name="Serve">Serves it.</param>
internal sealed record AdminRoute(string Method, string Pattern, string Summary, Func<HttpContext, Task<IResult>> Serve)
{
    /// <summary>Parameters of the query.</summary>
    public ImmutableArray<QueryParameter> Query { get; init; } = [];

    /// <summary>The document of the answer; null where there is none, or it is no JSON.</summary>
    public JsonTypeInfo? Answer { get; init; }

    /// <summary>The media type of an answer that is no JSON.</summary>
    public string? MediaType { get; init; }

    /// <summary>The statuses of answers that are no problem.</summary>
    public ImmutableArray<int> Statuses { get; init; } = [StatusCodes.Status200OK];

    /// <summary>Why it shows more than the token for reading is for, in words for whoever has that; null when it does not.</summary>
    public Func<string?> WhyNotForReaders { get; init; } = static () => null;

    /// <summary>Fields of a JSON body that is read, with what each is; empty where none is.</summary>
    public ImmutableArray<QueryParameter> Body { get; init; } = [];

    /// <summary>What is wrong with the names of a query, whatever its values are: each parameter is known and comes once. Only the API
    /// itself objects: those who probe and scrape may add to their paths what they like.</summary>
    public Problem? Objection(IQueryCollection query)
    {
        if (!Pattern.StartsWith("/v1/", StringComparison.Ordinal))
            return null;
        if (query.Keys.FirstOrDefault(name => !Query.Any(known => known.Name == name)) is { } unknown)
        {
            return Problem.BadParameter(
                unknown, Query.IsEmpty ? "unknown; none is known here" : $"unknown; known here: {string.Join(", ", Query.Select(known => known.Name))}");
        }

        return query.FirstOrDefault(parameter => parameter.Value.Count > 1).Key is { } twice
            ? Problem.BadParameter(twice, "expected once")
            : null;
    }
}
