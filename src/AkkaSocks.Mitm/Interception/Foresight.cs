using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Mitm.Interception;

/// <summary>
/// Says what would become of a tunnel, as far as its request says: by the same scope, memory and rules that tunnels go by. What its
/// first bytes decide is told as a condition.
/// </summary>
/// <param name="scope">Which tunnels are looked into.</param>
/// <param name="memory">Who is passed through.</param>
/// <param name="rules">What is done to exchanges.</param>
internal sealed class Foresight(InterceptScope scope, PassThroughMemory memory, RuleSet rules)
{
    private const int MostRules = 8;

    /// <summary>The forecast for a CONNECT.</summary>
    /// <param name="destination">What is asked for.</param>
    /// <param name="user">Who has logged in; null when nobody had to.</param>
    /// <param name="client">Where from; null when that is not known.</param>
    public InterceptForecast Of(Destination destination, UserName? user, IPAddress? client)
    {
        if (scope.KeepsOut(destination, user) is { } part)
            return new InterceptForecast(WordsOf(part), KeyOf(part));
        var host = destination.HostName ?? destination.Address!.ToString();
        var who = user is null && client is null ? Learner.Everybody : Learner.Of(user, client!);
        if (memory.Find(who, host) is { } lesson)
        {
            return new InterceptForecast(
                Text($"TLS is passed through until {lesson.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: {WordsOf(lesson)}"),
                ["akkasocks", "mitm", "pinning", "learn"]);
        }

        return new InterceptForecast(
            scope.Includes(destination, serverName: null)
                ? $"looked into where it is HTTP or TLS; {RulesFor(host, user)}"
                : "looked into where TLS asks for a name that is in scope, and untouched else",
            KeyOf(ScopePart.Include));
    }

    private string RulesFor(string host, UserName? user)
    {
        var names = rules.Concerning(host, user is { } name ? Encoding.UTF8.GetString(name.Bytes) : null).ToList();
        return names.Count == 0
            ? "no rule is about that host"
            : $"rules that may apply: {string.Join(", ", names.Take(MostRules))}" + (names.Count > MostRules ? Text($" and {names.Count - MostRules} more") : "");
    }

    private static string WordsOf(ScopePart part) => "untouched: " + part switch
    {
        ScopePart.Users => "that user is not in scope",
        ScopePart.Ports => "that port is not in scope",
        ScopePart.Exclude => "that destination is excluded",
        _ => "that destination is not in scope",
    };

    private static string WordsOf(Learned lesson) => lesson.Reason == InterceptOutcome.ClientCertificate
        ? "the origin wants a certificate of the client's"
        : "the client has refused our certificate";

    private static ImmutableArray<string> KeyOf(ScopePart part) => ["akkasocks", "mitm", "scope", KebabCase.Of(part.ToString())];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
