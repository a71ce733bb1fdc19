using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks user set NAME</c>: changes what is given and nothing else.</summary>
internal sealed class UserSetVerb : AdminVerb
{
    private readonly Argument<string> _name = new("name") { Description = "The user's name." };
    private readonly Option<bool> _password = new("--password") { Description = "Reads a new password from standard input." };
    private readonly Option<bool> _enable = new("--enable") { Description = "The user can log in." };
    private readonly Option<bool> _disable = new("--disable") { Description = "The user cannot log in, and its sessions end." };
    private readonly Option<bool> _noGroups = new("--no-groups") { Description = "Takes the user out of all groups." };
    private readonly Option<bool> _noLabels = new("--no-labels") { Description = "Takes all labels away." };
    private readonly UserFields _fields = new();

    /// <summary>The verb with its options.</summary>
    public UserSetVerb()
        : base("set", "Changes a user: what is given, and nothing else. Groups and labels are replaced as a whole.")
    {
        Add(_name);
        Add(PasswordInput.Refused("user set"));
        Add(_password);
        Add(_enable);
        Add(_disable);
        _fields.AddTo(this);
        Add(_noGroups);
        Add(_noLabels);
        Validators.Add(result =>
        {
            if (result.GetValue(_enable) && result.GetValue(_disable))
                result.AddError("--enable and --disable contradict each other");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var fields = _fields.Of(parsed);
        if (parsed.GetValue(_enable) || parsed.GetValue(_disable))
            fields["enabled"] = parsed.GetValue(_enable);
        if (parsed.GetValue(_noGroups))
            fields["groups"] = new JsonArray();
        if (parsed.GetValue(_noLabels))
            fields["labels"] = new JsonObject();
        if (parsed.GetValue(_password))
            fields["password"] = PasswordInput.ReadText();
        if (fields.Count == 0)
        {
            throw new AdminFailedException(
                "there is nothing to change; `akkasocks user set --help` tells what can be", isWrongUsage: true);
        }

        var user = await admin.PutUserAsync(parsed.GetValue(_name)!, fields, isNew: false);
        Print(parsed, user, AdminJson.Default.UserDocument, UserText.Of);
        return ExitCode.Done;
    }
}
