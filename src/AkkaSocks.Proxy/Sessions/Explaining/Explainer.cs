using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using static AkkaSocks.Proxy.Sessions.Explaining.ExplainedStep;

namespace AkkaSocks.Proxy.Sessions.Explaining;

/// <summary>
/// Says what would become of a request at this node, and why: it goes the way of a session and asks whom a session asks, but takes no
/// place, verifies no password and connects nowhere. Names it does look up. Any thread may call it.
/// </summary>
/// <param name="wiring">What sessions are given: whatever they ask, this asks too.</param>
/// <param name="gate">What lets them in.</param>
internal sealed class Explainer(SessionWiring wiring, ConnectionGate gate)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private static readonly ExplainedStage[] StagesOfRequest = [ExplainedStage.Node, ExplainedStage.Sessions, ExplainedStage.Command];

    private readonly ExplainedDestination _destinations = new(wiring);

    private ProxySettings Settings => wiring.Settings;

    /// <summary>The steps of a request, up to the one that refuses it, which is the last.</summary>
    /// <exception cref="AskTimeoutException">The registry did not answer.</exception>
    public async Task<ImmutableArray<ExplainedStep>> ExplainAsync(ExplainQuestion question, CancellationToken cancelled)
    {
        var steps = ImmutableArray.CreateBuilder<ExplainedStep>();
        if (Goes(Connection(question)) && Goes(Bans(question)) && Goes(Login(question, out var user))
            && (await RequestAsync(question, user).ConfigureAwait(false)).TrueForAll(Goes)
            && Goes(await _destinations.StepAsync(question, cancelled).ConfigureAwait(false)) && question.Command == Protocol.Command.Connect)
        {
            Goes(Interception(question, user));
        }

        return steps.ToImmutable();

        bool Goes(ExplainedStep step)
        {
            steps.Add(step);
            return step.Reason is null;
        }
    }

    private ExplainedStep Connection(ExplainQuestion question)
    {
        var limits = Settings.Limits;
        var words = Text($"{gate.Places} of {limits.MaxSessions} places for sessions on this node")
            + (question.Client is { } client
                ? Text($", {gate.SessionsFrom(client)} of {limits.MaxSessionsPerAddress} from {ClientNetwork.Of(client)}")
                : ", from an address that was not given");
        return gate.Objection(question.Client) is not Refusal.None and var refusal
            ? Refused(ExplainedStage.Connection, refusal, words)
            : Passed(ExplainedStage.Connection, words);
    }

    private ExplainedStep Bans(ExplainQuestion question)
    {
        var guard = wiring.Authenticator.Guard;
        var client = NetworkOf(question);
        if (guard.Objection(question.User, client) is not Refusal.None and var refusal)
            return Refused(ExplainedStage.Bans, refusal, guard.Bans().FirstOrDefault(Covers) is { } ban ? WordsOf(ban) : "banned");
        return Passed(ExplainedStage.Bans, question.Client is null ? "no ban of the user" : "no ban of the user or the address");

        bool Covers(BanNotice ban) => !ban.IsLifted
            && (ban.Target.User is not { } user || user == question.User) && (ban.Target.Network is not { } network || network == client);
    }

    private ExplainedStep Login(ExplainQuestion question, out UserRecord? user)
    {
        user = null;
        var methods = Settings.Auth.Methods;
        ImmutableArray<string> key = ["akkasocks", "auth", "methods"];
        if (question.User is not { } name)
        {
            return methods.Contains(AcceptedMethod.None)
                ? Passed(ExplainedStage.Login, "clients need not log in", key)
                : Refused(ExplainedStage.Login, Refusal.NoAcceptableMethod, "clients must log in, and no user was given", key);
        }

        if (!methods.Contains(AcceptedMethod.Password) && !Settings.Listeners.Any(TakesCertificates))
            return Passed(ExplainedStage.Login, "clients cannot log in here: the name means nothing", key);
        return wiring.Authenticator.Judge(name, out user) switch
        {
            Refusal.None => Passed(ExplainedStage.Login, $"{name} is enabled"
                + (user!.ExpiresAt is { } until ? Text($" until {until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "") + "; the password is not looked at"),
            Refusal.BadCredentials => Refused(ExplainedStage.Login, Refusal.BadCredentials, $"there is no user {name}"),
            var refusal => Refused(ExplainedStage.Login, refusal, $"{name}: {RefusalAdvice.Of(refusal).Words}"),
        };
    }

    private async Task<List<ExplainedStep>> RequestAsync(ExplainQuestion question, UserRecord? user)
    {
        var place = user is null ? null
            : await wiring.AuthRegistry.Ask<AuthRegistry.Foreseen>(new AuthRegistry.Foresee(user), AnswerWithin).ConfigureAwait(false);
        var objection = RequestChecks.Objection(
            wiring.Drain, wiring.Authenticator.Guard, user, NetworkOf(question), place?.Refusal ?? Refusal.None, question.Command);
        var refusal = objection != Refusal.None ? objection : RequestChecks.Obstacle(Settings, question.Command, question.Destination);
        var refusing = StageOf(refusal);
        return
        [
            .. StagesOfRequest.TakeWhile(stage => refusing is null || stage <= refusing).Select(stage => StepAt(stage, question, user, place) with
            {
                Refusal = stage == refusing ? refusal : Refusal.None,
                Reason = stage == refusing ? refusal.ToLabel() : null,
            }),
        ];
    }

    // What the checks said decides; here is only told what they went by.
    private ExplainedStep StepAt(ExplainedStage stage, ExplainQuestion question, UserRecord? user, AuthRegistry.Foreseen? place) => stage switch
    {
        ExplainedStage.Node => Passed(stage, wiring.Drain.IsClosed ? $"{Settings.NodeName} drains" : $"{Settings.NodeName} takes requests"),
        ExplainedStage.Sessions when user?.MaxSessions is { } limit && place!.Refusal == Refusal.RegistryUnavailable => Passed(
            stage, Text($"{user.Name} may have {limit} sessions, and this node sees no other to ask"), "akkasocks", "auth", "on-isolation"),
        ExplainedStage.Sessions when user?.MaxSessions is { } limit => Passed(
            stage, Text($"{place!.Sessions} of {limit} sessions of {user.Name} in the cluster"), KeyOf(user, "max-sessions")),
        ExplainedStage.Sessions => Passed(
            stage, user is null ? "nobody has logged in, so no user's limit counts" : Text($"{place!.Sessions} sessions of {user.Name}, without a limit")),
        _ => Command(question, user),
    };

    private ExplainedStep Command(ExplainQuestion question, UserRecord? user)
    {
        var word = WordOf(question.Command);
        if (!user?.Commands.Allows(question.Command) ?? false)
        {
            return Passed(
                ExplainedStage.Command, $"{user!.Name} may {string.Join(", ", CommandSets.WordsOf(user.Commands!.Value))}, and not {word}",
                KeyOf(user, "commands"));
        }

        return RequestChecks.Obstacle(Settings, question.Command, question.Destination) switch
        {
            Refusal.BadDestinationPort => Passed(ExplainedStage.Command, "nobody can connect to port 0"),
            Refusal.CommandNotSupported => Passed(ExplainedStage.Command, $"{word} is off on this node", SwitchOf(question.Command)),
            _ => Passed(ExplainedStage.Command, $"{word} is offered and allowed"),
        };
    }

    private ExplainedStep Interception(ExplainQuestion question, UserRecord? user) =>
        wiring.Interceptor?.Foresee(question.Destination, user?.Name, question.Client) is { } forecast
            ? Passed(ExplainedStage.Interception, forecast.Words, forecast.Key)
            : Passed(ExplainedStage.Interception, "untouched: interception is off", "akkasocks", "mitm", "enabled");

    private static string WordsOf(BanNotice ban) => Text(
        $"{(ban.Target.User is { } user ? $"{user}" : "whoever comes")} {(ban.Target.Network is { } network ? $"from {network} " : "")}is banned ")
        + Text($"for {Math.Ceiling(ban.Remaining.TotalMinutes):0} more min, {(ban.Cause == BanCause.Operator ? "by an operator" : "for failed logins")}")
        + (ban.Reason is { } reason ? $" ({EscapedText.Of(reason)})" : "") + $"; ban {ban.Version}";

    private static ExplainedStage? StageOf(Refusal refusal) => refusal switch
    {
        Refusal.None => null,
        Refusal.NodeStopping or Refusal.AddressBanned or Refusal.UserBanned => ExplainedStage.Node,
        Refusal.TooManySessionsOfUser or Refusal.RegistryUnavailable or Refusal.UserRevoked => ExplainedStage.Sessions,
        _ => ExplainedStage.Command,
    };

    private ImmutableArray<string> KeyOf(UserRecord user, string key) => wiring.Users.IsFixed(user.Name)
        ? ["akkasocks", "auth", "users", System.Text.Encoding.UTF8.GetString(user.Name.Bytes), key]
        : [];

    private static ImmutableArray<string> SwitchOf(Command command) => command switch
    {
        Protocol.Command.UdpAssociate => ["akkasocks", "udp", "enabled"],
        Protocol.Command.Bind => ["akkasocks", "bind", "enabled"],
        _ => ["akkasocks", "resolve", "enabled"],
    };

    private static string WordOf(Command command) => KebabCase.Of(command.ToString());

    private static bool TakesCertificates(ListenerSettings listener) => listener.Tls is { ClientAuth: not ClientAuth.None };

    // No client comes from there, so no ban of an address fits.
    private static ClientNetwork NetworkOf(ExplainQuestion question) => ClientNetwork.Of(question.Client ?? IPAddress.Any);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
