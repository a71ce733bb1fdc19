using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Admin.Client;

/// <summary>Requests to the admin API and what comes back, in the words of whoever has typed a command.</summary>
/// <remarks>Every method throws <see cref="AdminFailedException"/> when it cannot do what it is for.</remarks>
internal sealed class AdminConnection : IDisposable
{
    // More than the API itself waits for its actors.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // Never through a proxy of the environment: it may be the very one that is asked about.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = Patience,
    };

    private readonly Uri _url;
    private readonly bool _hasToken;

    /// <summary>To one node.</summary>
    public AdminConnection(Uri url, string? token)
    {
        _url = url;
        _hasToken = !string.IsNullOrEmpty(token);
        if (_hasToken && !_http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}"))
            throw new AdminFailedException("the token has characters that no token has", isWrongUsage: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>What the API answers to a question.</summary>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        return await ReadIfDoneAsync(answer, type);
    }

    /// <summary>Reads an answer of success; throws what any other says.</summary>
    public async Task<T> ReadIfDoneAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type) =>
        answer.IsSuccessStatusCode ? await ReadAsync(answer, type) : throw await FailureOfAsync(answer);

    /// <summary>Sends a request. The answer, whatever it says, is the caller's to dispose of.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">With its query.</param>
    /// <param name="body">What is sent; null for nothing.</param>
    /// <param name="precondition">A field that is sent with an asterisk, such as If-Match; null for none.</param>
    /// <param name="until">How much of the answer is waited for.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        JsonObject? body = null,
        string? precondition = null,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        using var request = new HttpRequestMessage(method, new Uri(_url, path));
        if (precondition is not null)
            request.Headers.TryAddWithoutValidation(precondition, "*");
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        try
        {
            return await _http.SendAsync(request, until);
        }
        catch (HttpRequestException e)
            when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            throw new AdminFailedException($"nothing listens on {Url}: is the node running, and is that its admin.endpoint? "
                + "Its first lines say where its admin API is; give that as --admin URL");
        }
        catch (HttpRequestException e)
        {
            throw new AdminFailedException($"{Url} cannot be asked: {e.Message}; check --admin");
        }
        catch (TaskCanceledException)
        {
            throw new AdminFailedException($"{Url} did not answer within {Patience.TotalSeconds} s; is the machine overloaded?");
        }
    }

    /// <summary>Reads an answer.</summary>
    public async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(), type) ?? throw Stranger(answer);
        }
        catch (JsonException)
        {
            throw Stranger(answer);
        }
    }

    /// <summary>What an answer that is none of success says.</summary>
    public async Task<AdminFailedException> FailureOfAsync(HttpResponseMessage answer)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return Stranger(answer);
        var problem = await ReadAsync(answer, AdminJson.Default.ProblemDocument);
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new(
                (_hasToken ? "the node has another admin token" : "the node asks for its admin token")
                + "; set AKKASOCKS_ADMIN_TOKEN as it was set for the node"),
            HttpStatusCode.BadRequest => new(problem.Detail, isWrongUsage: true),
            _ => new(problem.Detail),
        };
    }

    private AdminFailedException Stranger(HttpResponseMessage answer) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"what answers on {Url} is no admin API of AkkaSocks (HTTP {(int)answer.StatusCode}); check --admin"));

    private string Url => _url.GetLeftPart(UriPartial.Authority);
}
