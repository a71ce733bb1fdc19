using Akka.Actor;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>Stand-in, at <c>/user/users</c>.</summary>
internal sealed class UserStoreActor(UserDirectory users) : UntypedActor
{
    /// <summary>Stand-in.</summary>
    internal sealed record PutUser(UserRecord User);

    /// <summary>Stand-in.</summary>
    internal sealed record RemoveUser(UserName Name);

    /// <summary>Stand-in.</summary>
    internal sealed record UserSaved(UserRecord User);

    /// <summary>Stand-in.</summary>
    internal sealed record UserNotSaved(string Reason);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PutUser put:
                users.Merge([put.User]);
                Sender.Tell(new UserSaved(put.User));
                break;
            case RemoveUser remove when users.Find(remove.Name) is { } user:
                users.Merge([user with { Deleted = true }]);
                Sender.Tell(new UserSaved(user with { Deleted = true }));
                break;
            case RemoveUser:
                Sender.Tell(new UserNotSaved("no such user"));
                break;
        }
    }
}
