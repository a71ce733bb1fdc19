using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Sessions;

/// <content>Names looked up for their own sake: Tor's RESOLVE and RESOLVE_PTR, and the name that a BIND waits for.</content>
internal sealed partial class SessionActor
{
    private sealed record Resolved(ResolvedName Name);

    private sealed record Named(AddressName Name);

    private void Resolve(Destination destination)
    {
        if (destination.HostName is { } name)
            LookUp(name);
        else
            Tell([destination.Address!]);
    }

    private void LookUp(string name)
    {
        AwaitLookup();
        _wiring.Dialer.Resolver.ResolveAsync(name, _lookup!.Token).PipeTo(Self, success: it => new Resolved(it));
    }

    /// <summary>An address is judged before its name is asked for: else whole private networks could be read out.</summary>
    private void ResolveName(Destination destination)
    {
        if (destination.Address is not { } address)
        {
            Refuse(Refusal.AddressTypeNotSupported);
            return;
        }

        if (_wiring.Dialer.Policy.Judge(address, destination.Port) is not Refusal.None and var refusal)
        {
            Refuse(refusal);
            return;
        }

        AwaitLookup();
        _wiring.Dialer.Resolver.NameOfAsync(address, _lookup!.Token).PipeTo(Self, success: it => new Named(it));
    }

    private void AwaitLookup()
    {
        _lookup = new CancellationTokenSource();
        _deadline.Arm(Settings.Limits.ConnectTimeout);
        Become(Resolving);
        Enter(SessionPhase.Connecting);
    }

    private void Resolving(object message)
    {
        switch (message)
        {
            case Resolved { Name.Refusal: not Refusal.None and var refusal }:
                Refuse(refusal);
                break;
            case Resolved resolved when _record.Command == Command.Bind:
                Listen(resolved.Name.Addresses);
                break;
            case Resolved resolved:
                Tell(resolved.Name.Addresses);
                break;
            case Named { Name.Refusal: not Refusal.None and var refusal }:
                Refuse(refusal);
                break;
            case Named named:
                Tell(named.Name.Name);
                break;
            case ClientReady when _client.IsReset:
                End(SessionEnd.ClientReset);
                break;
            case TimeUp when IsOfThisState:
                Refuse(Refusal.NameLookupTimedOut);
                break;
        }
    }

    /// <summary>One address fits into a reply: an IPv4 one if there is any, since these clients seldom can use another. A name that
    /// leads inside is told like one that leads nowhere: else it could be tried out which names there are inside.</summary>
    private void Tell(ImmutableArray<IPAddress> addresses)
    {
        if (_wiring.Dialer.Policy.Sift(addresses, port: 0, out var allowed) != Refusal.None)
        {
            Refuse(Refusal.AnswerNotAllowed);
            return;
        }

        if (Usable(allowed).IsEmpty)
        {
            Refuse(Refusal.NameNotResolved);
            return;
        }

        var told = Usable(allowed).OrderBy(it => it.AddressFamily != AddressFamily.InterNetwork).First();
        if (Reply(Refusal.None, new IPEndPoint(told, 0)))
            Linger(SessionEnd.Completed);
    }

    private void Tell(Destination name)
    {
        Span<byte> answer = stackalloc byte[Handshakes.Handshake.MaxAnswer];
        _record.Reply = ReplyCode.Succeeded;
        if (Send(answer[.._handshake!.WriteName(name, answer)]))
            Linger(SessionEnd.Completed);
    }
}
