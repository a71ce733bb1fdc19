using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Mitm.Rules;

/// <summary>A rule, ready to be asked.</summary>
internal sealed class CompiledRule(RuleSettings rule)
{
    private readonly ImmutableArray<Glob> _hosts = Glob.Of(rule.Match.Hosts, ignoreCase: true);
    private readonly ImmutableArray<Glob> _paths = Glob.Of(rule.Match.Paths, ignoreCase: false);
    private readonly ImmutableArray<Glob> _users = Glob.Of(rule.Match.Users, ignoreCase: false);
    private readonly ImmutableArray<Glob> _types = Glob.Of(rule.Match.ResponseTypes, ignoreCase: true);

    /// <summary>What it is called.</summary>
    public string Name => rule.Name;

    /// <summary>What answers instead of the origin.</summary>
    public RuleAnswer? Answer => rule.Answer;

    /// <summary>What it changes.</summary>
    public RuleEdit Edit => rule.Edit;

    /// <summary>How paths begin that it is about.</summary>
    public string PathPrefix => rule.Match.PathPrefix;

    /// <summary>It is known only with the response whether it is about an exchange.</summary>
    public bool WaitsForResponse => !_types.IsEmpty;

    /// <summary>It may be about an exchange with this request.</summary>
    public bool Matches(in RequestFacts request) => MayMatch(request.Host, request.User)
        && Fits(_paths, request.Path)
        && request.Path.StartsWith(rule.Match.PathPrefix, StringComparison.Ordinal)
        && (rule.Match.Methods.IsEmpty || rule.Match.Methods.Contains(request.Method));

    /// <summary>It may be about some exchange of this user with this host.</summary>
    public bool MayMatch(string host, string? user) =>
        Fits(_hosts, host) && (_users.IsEmpty || (user is not null && Fits(_users, user)));

    /// <summary>It is about an exchange whose request matched, by the media type of the response.</summary>
    public bool MatchesResponse(string mediaType) => Fits(_types, mediaType);

    private static bool Fits(ImmutableArray<Glob> globs, string text)
    {
        if (globs.IsEmpty)
            return true;
        foreach (var glob in globs)
        {
            if (glob.IsMatch(text))
                return true;
        }

        return false;
    }
}
