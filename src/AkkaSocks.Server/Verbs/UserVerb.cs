using System.CommandLine;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks user</c>: the users of the cluster.</summary>
internal sealed class UserVerb : Command
{
    /// <summary>The verb with those below it.</summary>
    public UserVerb()
        : base("user", "Adds, changes, lists, shows and removes users of a running cluster.")
    {
        Add(new UserAddVerb());
        Add(new UserSetVerb());
        Add(new UserListVerb());
        Add(new UserShowVerb());
        Add(new UserRemoveVerb());
    }
}
