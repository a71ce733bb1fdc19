namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks bans</c>: who is kept out of the cluster.</summary>
internal sealed class BansVerb : BanListVerb
{
    /// <summary>The verb with those below it.</summary>
    public BansVerb()
        : base("bans", "Lists, adds and lifts bans of addresses and users in the whole cluster.")
    {
        Add(new BanListVerb("list", "Lists the bans there are: for failed logins, and those that operators have added."));
        Add(new BanAddVerb());
        Add(new BanRemoveVerb());
    }
}
