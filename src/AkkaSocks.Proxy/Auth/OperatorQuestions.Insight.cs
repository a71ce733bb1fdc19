using System.Collections.Immutable;
using Akka.Actor;
using AkkaSocks.Proxy.Auth.Sessions;

namespace AkkaSocks.Proxy.Auth;

/// <content>What operators ask to understand what goes on: who was refused, what the actors do, what the nodes did.</content>
internal sealed partial class OperatorQuestions
{
    private readonly NodeHistory _history = new(TimeProvider.System);

    /// <summary>This node's actors have been walked through, which happens beside the registry.</summary>
    /// <param name="Answer">What was found.</param>
    /// <param name="Asker">The registry that asked; null when somebody here did.</param>
    /// <param name="Here">Who asked here; null when another node did.</param>
    internal sealed record Walked(ActorsFound Answer, IActorRef? Asker, IActorRef? Here);

    /// <summary>Sessions of all nodes that were refused lately.</summary>
    public void Ask(AuthRegistry.GetRefusals question, IActorRef asker)
    {
        var own = RefusalListing.Of(wiring.Tap, Name, question.Which, question.Count, Now);
        var unheard = UnheardOf(null);
        _rounds.Begin(
            asker,
            [],
            (said, silent) => new AuthRegistry.Refusals(
                RefusalListing.Merge([own, .. said.Cast<ImmutableArray<RefusedSession>>()], question.Count),
                NamesOf(silent, unheard)),
            number => new FindRefusals(number, view.Self, question));
    }

    /// <summary>The actors of one node.</summary>
    public void Ask(AuthRegistry.GetActors question, IActorRef asker)
    {
        if (IsThis(question.Node))
            Walk(new FindActors(0, view.Self, question), null, asker);
        else if (Find(question.Node!) is not { } node)
            asker.Tell(new AuthRegistry.Actors(null, null), self);
        else
            _rounds.Begin(
                asker,
                [],
                (said, _) => said.FirstOrDefault() as AuthRegistry.Actors ?? new AuthRegistry.Actors(NameOf(node), null),
                number => new FindActors(number, view.Self, question),
                node);
    }

    /// <summary>What the nodes did in the last minutes.</summary>
    public AuthRegistry.History History() => new(_history.Read());

    /// <summary>Another node has told of itself.</summary>
    public void Note(NodeReport report) => _history.Note(report);

    /// <inheritdoc cref="Receive(FindSessions, IActorRef)"/>
    public void Receive(FindRefusals question, IActorRef asker) => asker.Tell(
        new RefusalsFound(
            question.Number, view.Self, RefusalListing.Of(wiring.Tap, Name, question.Question.Which, question.Question.Count, Now)),
        self);

    /// <inheritdoc cref="Receive(FindSessions, IActorRef)"/>
    public void Receive(FindActors question, IActorRef asker) => Walk(question, asker, null);

    /// <summary>This node's actors have been walked through.</summary>
    public void Receive(Walked walked)
    {
        walked.Here?.Tell(walked.Answer.Actors, self);
        walked.Asker?.Tell(walked.Answer with { Actors = walked.Answer.Actors with { View = walked.Answer.Actors.View?.ThatFits() } }, self);
    }

    /// <inheritdoc cref="Receive(SessionsFound)"/>
    public void Receive(RefusalsFound answer) => _rounds.Take(answer.Number, answer.Node, answer.Items);

    /// <inheritdoc cref="Receive(SessionsFound)"/>
    public void Receive(ActorsFound answer) => _rounds.Take(answer.Number, answer.Node, answer.Actors);

    private void Walk(FindActors question, IActorRef? asker, IActorRef? here) => Task.Run(async () =>
    {
        var (_, depth, top) = question.Question;
        var actors = wiring.Actors is { } views ? await views.ReadAsync(depth, top).ConfigureAwait(false) : null;
        return new Walked(new ActorsFound(question.Number, view.Self, new AuthRegistry.Actors(Name, actors)), asker, here);
    }).PipeTo(self);
}
