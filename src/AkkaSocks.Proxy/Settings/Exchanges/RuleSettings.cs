using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AkkaSocks.Proxy.Settings.Exchanges;

/// <summary>One of <c>mitm.rules</c>.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Match">Which exchanges it is about.</param>
/// <param name="Answer">What answers instead of the origin that was asked; null for nothing. The first rule with one wins.</param>
/// <param name="Edit">What is changed on the way. All rules that match are carried out, in their order.</param>
internal sealed record RuleSettings(string Name, RuleMatch Match, RuleAnswer? Answer, RuleEdit Edit);

/// <summary><c>match</c>: all that is given must fit; of a list, one.</summary>
/// <param name="Hosts">Globs of host names; empty for any.</param>
/// <param name="Paths">Globs of whole paths, decoded and without query; empty for any.</param>
/// <param name="PathPrefix">How the path begins; empty for any.</param>
/// <param name="Methods">Methods; empty for any.</param>
/// <param name="Users">Globs of user names; empty for anybody, whether logged in or not.</param>
/// <param name="ResponseTypes">Globs of media types of the response; empty for any.</param>
internal sealed record RuleMatch(
    ImmutableArray<string> Hosts,
    ImmutableArray<string> Paths,
    string PathPrefix,
    ImmutableArray<string> Methods,
    ImmutableArray<string> Users,
    ImmutableArray<string> ResponseTypes);

/// <summary>What answers instead.</summary>
internal abstract record RuleAnswer
{
    private RuleAnswer()
    {
    }

    /// <summary><c>block</c>: a refusal that names the rule.</summary>
    internal sealed record Block(int Status) : RuleAnswer;

    /// <summary><c>mock</c>: an answer of the operator's.</summary>
    internal sealed record Mock(int Status, string ContentType, ReadOnlyMemory<byte> Body) : RuleAnswer;

    /// <summary><c>map-local</c>: a file below a directory.</summary>
    internal sealed record MapLocal(string Directory) : RuleAnswer;

    /// <summary><c>map-remote</c>: another origin, which is asked for the same path.</summary>
    internal sealed record MapRemote(Uri Origin) : RuleAnswer;
}

/// <summary>What is changed on the way.</summary>
/// <param name="Request">In the request.</param>
/// <param name="Response">In the response.</param>
/// <param name="Up">Bytes a second towards the origin; null for as fast as it goes.</param>
/// <param name="Down">Bytes a second towards the client; null for as fast as it goes.</param>
/// <param name="Delay">How long a request waits before it goes on.</param>
/// <param name="RedactFields">Fields whose values are kept out of what is captured.</param>
/// <param name="RedactParameters">Parameters of query and form whose values are kept out of what is captured.</param>
internal sealed record RuleEdit(
    MessageEdit Request,
    MessageEdit Response,
    int? Up,
    int? Down,
    TimeSpan Delay,
    ImmutableArray<string> RedactFields,
    ImmutableArray<string> RedactParameters)
{
    /// <summary>It changes nothing.</summary>
    public bool IsEmpty => Request.IsEmpty && Response.IsEmpty && Up is null && Down is null && Delay == TimeSpan.Zero
        && RedactFields.IsEmpty && RedactParameters.IsEmpty;
}

/// <summary>What is changed in a request or a response.</summary>
/// <param name="Set">Fields that get a value, whatever they had.</param>
/// <param name="Remove">Fields that go.</param>
/// <param name="Replace">What is replaced in the body; null for nothing.</param>
internal sealed record MessageEdit(
    ImmutableArray<KeyValuePair<string, string>> Set, ImmutableArray<string> Remove, BodyReplace? Replace)
{
    /// <summary>It changes nothing.</summary>
    public bool IsEmpty => !ChangesFields && Replace is null;

    /// <summary>It sets or removes fields.</summary>
    public bool ChangesFields => !Set.IsEmpty || !Remove.IsEmpty;
}

/// <summary><c>body-replace</c>.</summary>
/// <param name="Text">Bytes that are looked for; null when <paramref name="Regex"/> says it.</param>
/// <param name="Regex">A pattern of the engine that never goes back, which takes no longer the worse its text is.</param>
/// <param name="With">What comes in their place; of a regex with <c>$1</c> for its groups.</param>
internal sealed record BodyReplace(string? Text, Regex? Regex, string With);
