using Akka.Actor;
using AkkaSocks.Proxy.Auth.Users;

namespace AkkaSocks.EndToEnd.Tests.Admin;

/// <summary>Answers at <c>/user/users</c>, with nothing behind it but the directory.</summary>
internal sealed class FakeUserStore(FakeCluster cluster, UserDirectory users) : UntypedActor
{
    private long _revision = 1;

    protected override void OnReceive(object message)
    {
        var record = message switch
        {
            UserStoreActor.PutUser put => put.User,
            UserStoreActor.RemoveUser remove => new UserRecord { Name = remove.Name, Password = "", Deleted = true },
            _ => throw new InvalidOperationException($"Nobody asks {message}."),
        } with { Revision = ++_revision };
        if (cluster.StoreProblem is { } problem)
        {
            Sender.Tell(new UserStoreActor.UserNotSaved(problem));
            return;
        }

        users.Merge([record]);
        Sender.Tell(new UserStoreActor.UserSaved(record));
    }
}
