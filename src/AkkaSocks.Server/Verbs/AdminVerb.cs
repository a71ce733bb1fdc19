using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using AkkaSocks.Server.Admin.Client;

namespace AkkaSocks.Server.Verbs;

/// <summary>A verb that asks a running node through its admin API, and tells in a line what to do when that fails.</summary>
internal abstract class AdminVerb : Command
{
    /// <summary><c>admin.endpoint</c> in <c>hocon/reference.conf</c>.</summary>
    public const string UsualUrl = "http://127.0.0.1:9180";

    private const string TokenVariable = "AKKASOCKS_ADMIN_TOKEN";
    private const string TokenFileVariable = "AKKASOCKS_ADMIN_TOKEN_FILE";

    private readonly Option<string> _url = new("--admin")
    {
        HelpName = "URL", Description = $"The admin API of the node to ask; {UsualUrl} unless given.",
    };

    private readonly Option<string> _token = new("--token")
    {
        HelpName = "TOKEN",
        Description = $"Its token; better in {TokenVariable}, or in a file that {TokenFileVariable} names, since others on this "
            + "machine can see options.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Answers as JSON." };

    /// <summary>The verb with the options that all such verbs have.</summary>
    protected AdminVerb(string name, string description)
        : base(name, description)
    {
        _url.Validators.Add(result =>
        {
            if (TryReadUrl(result.GetValueOrDefault<string>()) is null)
                result.AddError($"--admin expects an address such as {UsualUrl}");
        });
        Add(_url);
        Add(_token);
        Add(_json);
        SetAction(GuardedAsync);
    }

    /// <summary>The node asks for the token before it answers.</summary>
    protected virtual bool NeedsToken => true;

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult parsed, AdminClient admin);

    /// <summary>Prints an answer: as JSON when that was asked for.</summary>
    protected void Print<T>(ParseResult parsed, T answer, JsonTypeInfo<T> type, Func<T, string> text) =>
        Console.Out.Write(parsed.GetValue(_json) ? VerbJson.Write(answer, type) + "\n" : text(answer));

    /// <summary>JSON was asked for.</summary>
    protected bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Prints what was done, unless JSON was asked for: there is nothing to read in it.</summary>
    protected void Say(ParseResult parsed, string text)
    {
        if (!parsed.GetValue(_json))
            Console.Out.WriteLine(text);
    }

    private async Task<int> GuardedAsync(ParseResult parsed, CancellationToken cancelled)
    {
        var url = TryReadUrl(parsed.GetValue(_url) ?? UsualUrl)!;
        try
        {
            using var admin = new AdminClient(url, NeedsToken ? parsed.GetValue(_token) ?? TokenOfEnvironment() : null);
            return await RunAsync(parsed, admin);
        }
        catch (AdminFailedException failed)
        {
            await Console.Error.WriteLineAsync($"akkasocks: {failed.Message}");
            return failed.IsWrongUsage ? ExitCode.WrongUsage : ExitCode.Failed;
        }
    }

    private static string? TokenOfEnvironment()
    {
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
            return token;
        if (Environment.GetEnvironmentVariable(TokenFileVariable) is not { Length: > 0 } file)
            return null;
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new AdminFailedException($"the token cannot be read from the file that {TokenFileVariable} names: {e.Message}");
        }
    }

    private static Uri? TryReadUrl(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http", PathAndQuery: "/" } ? url : null;
}
