using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaSocks.Protocol;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Admin.Exchanges;

namespace AkkaSocks.Server.Admin.Client;

/// <summary>The admin API from the other side: a method for each thing that it can do.</summary>
/// <param name="url">Where a node has it.</param>
/// <param name="token">What it asks for; null or "" for none.</param>
/// <remarks>Every method throws <see cref="AdminFailedException"/> when it cannot do what it is for.</remarks>
internal sealed class AdminClient(Uri url, string? token) : IDisposable
{
    private readonly AdminConnection _node = new(url, token);

    /// <inheritdoc/>
    public void Dispose() => _node.Dispose();

    /// <summary>The node's health.</summary>
    /// <param name="path"><c>/healthz</c> or <c>/readyz</c>.</param>
    public async Task<HealthDocument> HealthAsync(string path)
    {
        using var answer = await _node.SendAsync(HttpMethod.Get, path);
        return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable
            ? await _node.ReadAsync(answer, AdminJson.Default.HealthDocument)
            : throw await _node.FailureOfAsync(answer);
    }

    /// <summary>All users.</summary>
    public Task<ImmutableArray<UserDocument>> UsersAsync() => AllAsync(async after =>
    {
        var page = await _node.GetAsync($"/v1/users{PageOf(after)}", AdminJson.Default.UserPage);
        return (page.Items, page.Next);
    });

    /// <summary>A user.</summary>
    public Task<UserDocument> UserAsync(string name) => _node.GetAsync(PathOf(name), AdminJson.Default.UserDocument);

    /// <summary>Adds a user, which must not be there, or changes one, which must.</summary>
    public async Task<UserDocument> PutUserAsync(string name, JsonObject fields, bool isNew)
    {
        using var answer = await _node.SendAsync(HttpMethod.Put, PathOf(name), fields, isNew ? "If-None-Match" : "If-Match");
        if (answer.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            throw new AdminFailedException(isNew
                ? $"there is a user {Shown(name)} already; `akkasocks user set` changes one"
                : NoUser(name));
        }

        return await _node.ReadIfDoneAsync(answer, AdminJson.Default.UserDocument);
    }

    /// <summary>Removes a user.</summary>
    public async Task RemoveUserAsync(string name)
    {
        using var answer = await _node.SendAsync(HttpMethod.Delete, PathOf(name));
        if (answer.StatusCode == HttpStatusCode.NotFound)
            throw new AdminFailedException(NoUser(name));
        if (!answer.IsSuccessStatusCode)
            throw await _node.FailureOfAsync(answer);
    }

    /// <summary>All sessions that pass the filter.</summary>
    /// <param name="filter">Parameters of the query.</param>
    public Task<ImmutableArray<SessionDocument>> SessionsAsync(IEnumerable<(string Name, string? Value)> filter) => AllAsync(async after =>
    {
        var page = await _node.GetAsync($"/v1/sessions{PageOf(after)}{QueryOf(filter)}", AdminJson.Default.SessionPage);
        return (page.Items, page.Next);
    });

    /// <summary>The first sessions in an order.</summary>
    public Task<SessionPage> FirstSessionsAsync(string sort, int count) => _node.GetAsync(
        string.Create(CultureInfo.InvariantCulture, $"/v1/sessions?sort={Uri.EscapeDataString(sort)}&limit={count}"), AdminJson.Default.SessionPage);

    /// <summary>Sessions that were refused lately.</summary>
    /// <param name="filter">Parameters of the query.</param>
    public Task<RefusalList> RefusalsAsync(IEnumerable<(string Name, string? Value)> filter) =>
        _node.GetAsync($"/v1/refusals{WholeQueryOf(filter)}", AdminJson.Default.RefusalList);

    /// <summary>What becomes of a request, and why.</summary>
    /// <param name="filter">Parameters of the query.</param>
    public Task<ExplanationDocument> ExplainAsync(IEnumerable<(string Name, string? Value)> filter) =>
        _node.GetAsync($"/v1/explain{WholeQueryOf(filter)}", AdminJson.Default.ExplanationDocument);

    /// <summary>Ends a session.</summary>
    public async Task EndSessionAsync(string id)
    {
        using var answer = await _node.SendAsync(HttpMethod.Delete, $"/v1/sessions/{Uri.EscapeDataString(id)}");
        if (answer.StatusCode == HttpStatusCode.NotFound)
            throw new AdminFailedException($"there is no session {Shown(id)} (any more); `akkasocks sessions` lists them");
        if (!answer.IsSuccessStatusCode)
            throw await _node.FailureOfAsync(answer);
    }

    /// <summary>Ends all sessions of a user or from an address.</summary>
    /// <param name="what"><c>user</c> or <c>address</c>.</param>
    /// <param name="value">Which.</param>
    public async Task<EndedDocument> EndSessionsAsync(string what, string value)
    {
        using var answer = await _node.SendAsync(HttpMethod.Delete, $"/v1/sessions?{what}={Uri.EscapeDataString(value)}");
        return await _node.ReadIfDoneAsync(answer, AdminJson.Default.EndedDocument);
    }

    /// <summary>All bans that pass the filter.</summary>
    /// <param name="filter">Parameters of the query.</param>
    public Task<ImmutableArray<BanDocument>> BansAsync(IEnumerable<(string Name, string? Value)> filter) => AllAsync(async after =>
    {
        var page = await _node.GetAsync($"/v1/bans{PageOf(after)}{QueryOf(filter)}", AdminJson.Default.BanPage);
        return (page.Items, page.Next);
    });

    /// <summary>Bans somebody.</summary>
    /// <param name="fields">Whom, for how long and why.</param>
    public async Task<BanDocument> BanAsync(JsonObject fields)
    {
        using var answer = await _node.SendAsync(HttpMethod.Post, "/v1/bans", fields);
        return await _node.ReadIfDoneAsync(answer, AdminJson.Default.BanDocument);
    }

    /// <summary>Lifts a ban.</summary>
    /// <returns>False when there is no such ban.</returns>
    public async Task<bool> LiftBanAsync(string id)
    {
        using var answer = await _node.SendAsync(HttpMethod.Delete, $"/v1/bans/{Uri.EscapeDataString(id)}");
        return answer.StatusCode != HttpStatusCode.NotFound
            && (answer.IsSuccessStatusCode ? true : throw await _node.FailureOfAsync(answer));
    }

    /// <summary>The nodes of the cluster.</summary>
    public Task<NodeList> NodesAsync() => _node.GetAsync("/v1/nodes", AdminJson.Default.NodeList);

    /// <summary>The actors of a node, the one asked when none is named.</summary>
    public async Task<ActorTreeDocument> ActorsAsync(string? node, int? depth, int? top)
    {
        var query = WholeQueryOf([("node", node), ("depth", NumberOf(depth)), ("top", NumberOf(top))]);
        using var answer = await _node.SendAsync(HttpMethod.Get, $"/v1/actors{query}");
        if (answer.StatusCode == HttpStatusCode.NotFound && node is not null)
            throw NoNode(node);
        return await _node.ReadIfDoneAsync(answer, AdminJson.Default.ActorTreeDocument);

        static string? NumberOf(int? number) => number?.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Lets a node drain, the one asked when none is named.</summary>
    public async Task<DrainDocument> DrainAsync(string? node)
    {
        JsonObject body = node is null ? [] : new JsonObject { ["node"] = node };
        using var answer = await _node.SendAsync(HttpMethod.Post, "/v1/drain", body);
        if (answer.StatusCode == HttpStatusCode.NotFound && node is not null)
            throw NoNode(node);
        return await _node.ReadIfDoneAsync(answer, AdminJson.Default.DrainDocument);
    }

    /// <summary>Has the node that is asked read its configuration again.</summary>
    public async Task<ReloadDocument> ReloadAsync()
    {
        using var answer = await _node.SendAsync(HttpMethod.Post, "/v1/reload");
        return await _node.ReadIfDoneAsync(answer, AdminJson.Default.ReloadDocument);
    }

    /// <summary>From which level on the node that is asked writes its log; changes that first where a level is given.</summary>
    public async Task<LogLevelDocument> LogLevelAsync(string? level)
    {
        const string Path = "/v1/log-level";
        if (level is null)
            return await _node.GetAsync(Path, AdminJson.Default.LogLevelDocument);
        using var answer = await _node.SendAsync(HttpMethod.Put, Path, new JsonObject { ["level"] = level });
        return await _node.ReadIfDoneAsync(answer, AdminJson.Default.LogLevelDocument);
    }

    /// <summary>The exchanges that the nodes remember, as an HTTP Archive.</summary>
    /// <param name="filter">Parameters of the query.</param>
    /// <param name="open">Opens where it goes to, once there is something; the caller closes it.</param>
    /// <returns>Names of nodes whose exchanges are missing, since they did not answer; null for none.</returns>
    /// <exception cref="IOException">It cannot be written there.</exception>
    public async Task<string?> ArchiveAsync(IEnumerable<(string Name, string? Value)> filter, Func<Stream> open)
    {
        var path = $"/v1/exchanges/har?{QueryOf(filter).TrimStart('&')}";
        using var answer = await _node.SendAsync(HttpMethod.Get, path, until: HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode)
            throw await _node.FailureOfAsync(answer);
        await using var archive = await answer.Content.ReadAsStreamAsync();
        var output = open();
        var buffer = new byte[64 * 1024];
        while (await ReadAsync(archive, buffer) is var read and > 0)
            await output.WriteAsync(buffer.AsMemory(0, read));
        return answer.Headers.TryGetValues(ExchangeArchive.SilentField, out var silent) ? string.Join(", ", silent) : null;
    }

    /// <summary>Exchanges as they end, each a line of JSON, until the node stops.</summary>
    /// <param name="filter">Parameters of the query.</param>
    public async IAsyncEnumerable<string> ExchangesAsync(IEnumerable<(string Name, string? Value)> filter)
    {
        using var answer = await OpenAsync($"/v1/exchanges/events{WholeQueryOf(filter)}");
        await foreach (var line in DocumentsAsync(answer))
            yield return line;
    }

    /// <summary>The last lines of process logs.</summary>
    /// <param name="filter">Parameters of the query.</param>
    /// <param name="count">Lines at most; null for as many as usual.</param>
    public Task<LogPageDocument> LogAsync(IEnumerable<(string Name, string? Value)> filter, int? count) => _node.GetAsync(
        $"/v1/log{WholeQueryOf([.. filter, ("limit", count?.ToString(CultureInfo.InvariantCulture))])}", AdminJson.Default.LogPageDocument);

    /// <summary>The same, and then lines as they are written, each a line of JSON, until the node stops.</summary>
    /// <inheritdoc cref="LogAsync"/>
    public async IAsyncEnumerable<string> FollowLogAsync(IReadOnlyCollection<(string Name, string? Value)> filter, int? count)
    {
        // The last ones come once the stream stands: none is missed between the two, and what is in both comes once.
        using var answer = await OpenAsync($"/v1/log/events{WholeQueryOf(filter)}");
        var lines = (await LogAsync(filter, count)).Items
            .Select(line => JsonSerializer.Serialize(line, AdminJson.Default.LogLineDocument)).ToHashSet();
        foreach (var line in lines)
            yield return line;
        await foreach (var line in DocumentsAsync(answer))
        {
            if (!lines.Contains(line))
                yield return line;
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(string path)
    {
        var answer = await _node.SendAsync(HttpMethod.Get, path, until: HttpCompletionOption.ResponseHeadersRead);
        return answer.IsSuccessStatusCode ? answer : throw await _node.FailureOfAsync(answer);
    }

    private static async IAsyncEnumerable<string> DocumentsAsync(HttpResponseMessage answer)
    {
        const string Prefix = "data: ";
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(), Encoding.UTF8);
        while (await ReadLineAsync(lines) is { } line)
        {
            if (line.StartsWith(Prefix, StringComparison.Ordinal))
                yield return line[Prefix.Length..];
        }
    }

    private static async ValueTask<int> ReadAsync(Stream archive, Memory<byte> buffer)
    {
        try
        {
            return await archive.ReadAsync(buffer);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new AdminFailedException("the archive was cut off: a node has stopped answering; try again, and it goes on without that one");
        }
    }

    // The node has stopped, in order or not: there is no more to come.
    private static async Task<string?> ReadLineAsync(StreamReader lines)
    {
        try
        {
            return await lines.ReadLineAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<ImmutableArray<T>> AllAsync<T>(Func<string, Task<(ImmutableArray<T> Items, string? Next)>> pageAfter)
    {
        var all = ImmutableArray.CreateBuilder<T>();
        for (string? after = ""; after is not null;)
        {
            (var items, after) = await pageAfter(after);
            all.AddRange(items);
        }

        return all.ToImmutable();
    }

    private static string PageOf(string after) =>
        $"?limit={PageQuery.MaxLimit}" + (after.Length == 0 ? "" : $"&after={Uri.EscapeDataString(after)}");

    private static string QueryOf(IEnumerable<(string Name, string? Value)> filter) =>
        string.Concat(filter.Select(part => part.Value is { } value ? $"&{part.Name}={Uri.EscapeDataString(value)}" : ""));

    private static string WholeQueryOf(IEnumerable<(string Name, string? Value)> filter) =>
        QueryOf(filter) is { Length: > 0 } query ? $"?{query[1..]}" : "";

    private static AdminFailedException NoNode(string node) => new($"there is no node {Shown(node)}; `akkasocks nodes` lists them");

    private static string PathOf(string user) => UserNameText.Problem(user) is { } problem
        ? throw new AdminFailedException(problem, isWrongUsage: true)
        : $"/v1/users/{Uri.EscapeDataString(user)}";

    private static string NoUser(string name) => $"there is no user {Shown(name)}; `akkasocks user list` lists them";

    private static string Shown(string text) => EscapedText.Of(text);
}
