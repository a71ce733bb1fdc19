using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Auth.Sessions;

namespace AkkaSocks.Proxy.Auth;

/// <content>What operators ask and order, at this node and at others for whom those ask this one.</content>
internal sealed partial class AuthRegistry
{
    private void Operate(object message)
    {
        switch (message)
        {
            case GetNodes:
                _questions.Gauge(Sender);
                break;
            case OperatorQuestions.Gauged gauged:
                _questions.Receive(gauged);
                break;
            case OperatorQuestions.Searched searched:
                _questions.Receive(searched);
                break;
            case OperatorQuestions.Walked walked:
                _questions.Receive(walked);
                break;
            case OperatorQuestions.LookedUp lookedUp:
                _questions.Receive(lookedUp);
                break;
            case Status.Failure failed:
                _log.Error(failed.Cause, "A defect in what operators ask. Please report it.");
                break;
            case GetBusiestUsers asked:
                _exchange.Refresh();
                Sender.Tell(new BusiestUsers(_ledger.Busiest(asked.Count)));
                break;
            case GetSessions asked:
                _questions.Ask(asked, Sender);
                break;
            case GetRefusals asked:
                _questions.Ask(asked, Sender);
                break;
            case GetExchanges asked:
                _questions.Ask(asked, Sender);
                break;
            case GetExchange asked:
                _questions.Ask(asked, Sender);
                break;
            case GetActors asked:
                _questions.Ask(asked, Sender);
                break;
            case GetLog asked:
                _questions.Ask(asked, Sender);
                break;
            case GetHistory:
                Sender.Tell(_questions.History());
                break;
            case TerminateSessions asked:
                _questions.Ask(asked, Sender);
                break;
            case Drain asked:
                Sender.Tell(_questions.Drain(asked.Node));
                break;
            case GetBans:
                Sender.Tell(new Bans(Guard.Bans()));
                break;
            case ImposeBan asked:
                Sender.Tell(new BanImposed(_bans.Impose(asked)));
                break;
            case LiftBan asked:
                Sender.Tell(new BanLifted(Guard.Lift(asked.Ban)));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void HearOfOperators(IClusterMessage said)
    {
        switch (said)
        {
            case NodeReport report:
                _view.Hear(report.Node);
                _view.Receive(report);
                _questions.Note(report);
                break;
            case FindSessions question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case SessionsFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case FindRefusals question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case RefusalsFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case FindExchanges question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case ExchangesFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case FindExchange question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case ExchangeFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case FindActors question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case ActorsFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case FindLog question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case LogFound answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case EndSessions question:
                _view.Hear(question.Asker);
                _questions.Receive(question, Sender);
                break;
            case SessionsEnded answer:
                _view.Hear(answer.Node);
                _questions.Receive(answer);
                break;
            case DrainNode order:
                _view.Hear(order.Asker);
                _questions.DrainThis();
                break;
            default:
                Unhandled(said);
                break;
        }
    }
}
