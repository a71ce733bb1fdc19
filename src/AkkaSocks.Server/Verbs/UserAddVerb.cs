using System.CommandLine;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks user add NAME</c>, the password from standard input.</summary>
internal sealed class UserAddVerb : AdminVerb
{
    private readonly Argument<string> _name = new("name") { Description = "The user's name." };
    private readonly Option<bool> _disable = new("--disable") { Description = "The user cannot log in yet." };
    private readonly UserFields _fields = new();

    /// <summary>The verb with its options.</summary>
    public UserAddVerb()
        : base("add", "Adds a user; reads the password from standard input (one line; not shown on a terminal).")
    {
        Add(_name);
        Add(PasswordInput.Refused("user add"));
        Add(_disable);
        _fields.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var fields = _fields.Of(parsed);
        fields["password"] = PasswordInput.ReadText();
        if (parsed.GetValue(_disable))
            fields["enabled"] = false;
        var user = await admin.PutUserAsync(parsed.GetValue(_name)!, fields, isNew: true);
        Print(parsed, user, AdminJson.Default.UserDocument, UserText.Of);
        return ExitCode.Done;
    }
}
