using Akka.Actor;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.Proxy.Auth;

/// <content>What operators ask about exchanges: lists of all nodes', and one with all that its node remembers of it.</content>
internal sealed partial class OperatorQuestions
{
    private readonly ExchangeParts _parts = new(wiring.Exchanges);

    /// <summary>What this node remembers has been looked through, which happens beside the registry.</summary>
    /// <param name="Answer">What was found.</param>
    /// <param name="Asker">Who is to be told.</param>
    internal sealed record LookedUp(object Answer, IActorRef Asker);

    /// <summary>Exchanges of all nodes, or of one.</summary>
    public void Ask(AuthRegistry.GetExchanges question, IActorRef asker)
    {
        NodeIncarnation? only = question.Node is null ? null : IsThis(question.Node) ? view.Self : Find(question.Node);
        if (question.Node is not null && only is null)
        {
            asker.Tell(new AuthRegistry.ExchangePage(ExchangeList.Empty, IsCaptured: false, []) { IsOfANode = false }, self);
            return;
        }

        var unheard = UnheardOf(only);
        var asksThis = only is not { } that || that == view.Self;
        var number = _rounds.Begin(
            asker,
            asksThis ? [view.Self] : [],
            (said, silent) => new AuthRegistry.ExchangePage(
                ExchangeList.Merge([.. said.Cast<ExchangesFound>().Select(found => found.List)], question.Count),
                said.Cast<ExchangesFound>().Any(found => found.IsCaptured),
                NamesOf(silent, unheard)),
            number => new FindExchanges(number, view.Self, question),
            only);
        if (asksThis)
            Receive(new FindExchanges(number, view.Self, question), self);
    }

    /// <summary>A part of an exchange of one node.</summary>
    public void Ask(AuthRegistry.GetExchange question, IActorRef asker)
    {
        if (IsThis(question.Node))
            LookUp(() => PartOf(question.Id, question.From, int.MaxValue), asker);
        else if (Find(question.Node) is not { } node)
            asker.Tell(new AuthRegistry.ExchangeAnswer(null, null), self);
        else
            _rounds.Begin(
                asker,
                [],
                (said, _) => said.FirstOrDefault() as AuthRegistry.ExchangeAnswer ?? new AuthRegistry.ExchangeAnswer(NameOf(node), null),
                number => new FindExchange(number, view.Self, question.Id, question.From),
                node);
    }

    /// <inheritdoc cref="Receive(FindSessions, IActorRef)"/>
    public void Receive(FindExchanges question, IActorRef asker)
    {
        var (filter, _, after, count) = question.Question;
        LookUp(
            () => wiring.Exchanges() is { } ring
                ? new ExchangesFound(question.Number, view.Self, ExchangeList.Of(ring, Name, filter, after, count), IsCaptured: true)
                : new ExchangesFound(question.Number, view.Self, ExchangeList.Empty, IsCaptured: false),
            asker);
    }

    /// <inheritdoc cref="Receive(FindSessions, IActorRef)"/>
    public void Receive(FindExchange question, IActorRef asker) => LookUp(
        () => new ExchangeFound(question.Number, view.Self, PartOf(question.Id, question.From, ExchangeParts.MostBytes)), asker);

    /// <summary>What this node remembers has been looked through.</summary>
    public void Receive(LookedUp lookedUp) => lookedUp.Asker.Tell(lookedUp.Answer, self);

    /// <inheritdoc cref="Receive(SessionsFound)"/>
    public void Receive(ExchangesFound answer) => _rounds.Take(answer.Number, answer.Node, answer);

    /// <inheritdoc cref="Receive(SessionsFound)"/>
    public void Receive(ExchangeFound answer) => _rounds.Take(answer.Number, answer.Node, answer.Answer);

    private AuthRegistry.ExchangeAnswer PartOf(long id, int from, int most) =>
        new(Name, _parts.Of(id, from, most));

    private void LookUp(Func<object> find, IActorRef asker) => Task.Run(() => new LookedUp(find(), asker)).PipeTo(self);
}
