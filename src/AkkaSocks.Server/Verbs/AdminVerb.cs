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

    private readonly Option<string> _url = new("--admin")
    {
        HelpName = "URL", Description = $"The admin API of the node to ask; {UsualUrl} unless given.",
    };

    private readonly Option<string> _token = new("--token")
    {
        HelpName = "TOKEN", Description = $"Its token; better in {TokenVariable}, since others on this machine can see options.",
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

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult parsed, AdminClient admin);

    /// <summary>Prints an answer: as JSON when that was asked for.</summary>
    protected void Print<T>(ParseResult parsed, T answer, JsonTypeInfo<T> type, Func<T, string> text) =>
        Console.Out.Write(parsed.GetValue(_json) ? VerbJson.Write(answer, type) + "\n" : text(answer));

    /// <summary>Prints what was done, unless JSON was asked for: there is nothing to read in it.</summary>
    protected void Say(ParseResult parsed, string text)
    {
        if (!parsed.GetValue(_json))
            Console.Out.WriteLine(text);
    }

    private async Task<int> GuardedAsync(ParseResult parsed, CancellationToken cancelled)
    {
        var url = TryReadUrl(parsed.GetValue(_url) ?? UsualUrl)!;
        using var admin = new AdminClient(url, parsed.GetValue(_token) ?? Environment.GetEnvironmentVariable(TokenVariable));
        try
        {
            return await RunAsync(parsed, admin);
        }
        catch (AdminFailedException failed)
        {
            await Console.Error.WriteLineAsync($"akkasocks: {failed.Message}");
            return failed.IsWrongUsage ? ExitCode.WrongUsage : ExitCode.Failed;
        }
    }

    private static Uri? TryReadUrl(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http", PathAndQuery: "/" } ? url : null;
}
