using System.Text;
using Akka.Actor;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>In place of the auth registry: grants alice with s3cret, at once or when the test says so.</summary>
internal sealed class ScriptedVerdicts(UserDirectory users)
{
    private readonly Queue<(IActorRef Session, Verdict Verdict)> _held = new();

    /// <summary>Verdicts wait for <see cref="Release"/>.</summary>
    public bool Hold { get; set; }

    /// <summary>Says what was held back.</summary>
    public void Release()
    {
        while (_held.TryDequeue(out var held))
            held.Session.Tell(held.Verdict);
    }

    public static Props Props(ScriptedVerdicts script) => Akka.Actor.Props.Create(() => new Registry(script));

    private void Judge(AuthRegistry.Authenticate asked, IActorRef session)
    {
        var name = asked.Credentials.UserName;
        var granted = name.ToString() == "alice" && asked.Credentials.Password.SequenceEqual(Encoding.ASCII.GetBytes("s3cret"));
        asked.Credentials.Dispose();
        _held.Enqueue((session, granted
            ? new Verdict(Refusal.None, name, asked.Correlation, users.Find(name))
            : new Verdict(Refusal.BadCredentials, name, asked.Correlation, null)));
        if (!Hold)
            Release();
    }

    private sealed class Registry(ScriptedVerdicts script) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is AuthRegistry.Authenticate asked)
                script.Judge(asked, Sender);
        }
    }
}
