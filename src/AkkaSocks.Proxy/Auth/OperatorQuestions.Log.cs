using Akka.Actor;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth;

/// <content>What operators ask about the process logs of the nodes.</content>
internal sealed partial class OperatorQuestions
{
    /// <summary>The last lines of all nodes, or of one.</summary>
    public void Ask(AuthRegistry.GetLog question, IActorRef asker)
    {
        NodeIncarnation? only = question.Node is null ? null : IsThis(question.Node) ? view.Self : Find(question.Node);
        if (question.Node is not null && only is null)
        {
            asker.Tell(new AuthRegistry.LogPage([], []) { IsOfANode = false }, self);
            return;
        }

        var unheard = UnheardOf(only);
        var asksThis = only is not { } that || that == view.Self;
        var number = _rounds.Begin(
            asker,
            asksThis ? [view.Self] : [],
            (said, silent) => new AuthRegistry.LogPage(
                [
                    .. said.Cast<LogFound>().SelectMany(found => found.Lines, (found, line) => new AuthRegistry.LoggedLine(found.Name, line))
                        .OrderBy(it => it.Line.At).ThenBy(it => it.Node, StringComparer.Ordinal).ThenBy(it => it.Line.Number).TakeLast(question.Count),
                ],
                NamesOf(silent, unheard)),
            number => new FindLog(number, view.Self, question.Level, question.Count),
            only);
        if (asksThis)
            Receive(new LogFound(number, view.Self, Name, [.. wiring.Log.Latest(question.Level, question.Count)]));
    }

    /// <inheritdoc cref="Receive(FindSessions, IActorRef)"/>
    public void Receive(FindLog question, IActorRef asker) => asker.Tell(
        new LogFound(question.Number, view.Self, Name, [.. LogLine.Fitting(wiring.Log.Latest(question.Level, question.Count))]), self);

    /// <inheritdoc cref="Receive(SessionsFound)"/>
    public void Receive(LogFound answer) => _rounds.Take(answer.Number, answer.Node, answer);
}
