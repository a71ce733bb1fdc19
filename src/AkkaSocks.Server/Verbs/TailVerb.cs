using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaSocks.Protocol;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks tail</c>: exchanges as they end, until it is interrupted or the node stops.</summary>
internal sealed class TailVerb : AdminVerb
{
    private readonly ExchangeOptions _which = new();

    /// <summary>The verb with its options.</summary>
    public TailVerb()
        : base("tail", "Shows the exchanges that the nodes look into, as they end.") => _which.AddTo(this);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        await foreach (var line in admin.ExchangesAsync(_which.Of(parsed)))
            await Console.Out.WriteLineAsync(IsJson(parsed) ? line : LineOf(line));
        return ExitCode.Done;
    }

    /// <summary>One exchange, or that some are missing, on one line.</summary>
    internal static string LineOf(string json)
    {
        var exchange = JsonSerializer.Deserialize(json, AdminJson.Default.ExchangeDocument);
        if (exchange?.Method is null)
            return StreamGaps.TextOf(json);
        var why = exchange.Rule is { } rule ? $" rule {rule}" : exchange.Error is { } error ? $" {error}" : "";
        if (exchange.Edits is { IsDefaultOrEmpty: false } edits)
            why += $" edited by {string.Join(", ", edits)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{exchange.Started.ToLocalTime():HH:mm:ss.fff} {exchange.Node} {EscapedText.Of(exchange.User ?? "-")} {exchange.Status} "
            + $"{EscapedText.Of(exchange.Method)} {EscapedText.Of(exchange.Url)} {exchange.ResponseBytes} B {exchange.Milliseconds:0} ms{EscapedWords(why)}");
    }

    private static string EscapedWords(string text) => string.Join(' ', text.Split(' ').Select(EscapedText.Of));
}
