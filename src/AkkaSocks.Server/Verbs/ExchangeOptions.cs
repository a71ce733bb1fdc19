using System.CommandLine;

namespace AkkaSocks.Server.Verbs;

/// <summary>The options that say which exchanges are wanted.</summary>
internal sealed class ExchangeOptions
{
    private readonly Option<string> _host = new("--host")
    {
        HelpName = "HOST", Description = "Those with a host of this name; * stands for any characters.",
    };

    private readonly Option<string> _user = new("--user") { HelpName = "NAME", Description = "Those of one user." };
    private readonly Option<string> _method = new("--method") { HelpName = "METHOD", Description = "Those of one method." };
    private readonly Option<string> _status = new("--status")
    {
        HelpName = "STATUS", Description = "Those with one status, such as 404, or of one class, such as 5xx.",
    };

    private readonly Option<string> _node = new("--node") { HelpName = "NAME", Description = "Those of one node; of all unless given." };

    /// <summary>Gives them to a verb.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(_host);
        verb.Add(_user);
        verb.Add(_method);
        verb.Add(_status);
        verb.Add(_node);
    }

    /// <summary>What was given, as parameters of a query.</summary>
    public (string Name, string? Value)[] Of(ParseResult parsed) =>
    [
        ("host", parsed.GetValue(_host)), ("user", parsed.GetValue(_user)), ("method", parsed.GetValue(_method)),
        ("status", parsed.GetValue(_status)), ("node", parsed.GetValue(_node)),
    ];
}
