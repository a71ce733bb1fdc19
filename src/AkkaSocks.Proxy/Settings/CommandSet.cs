using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Settings;

/// <summary>Commands that a user may use. The numbers are stored and sent to other nodes: they stay what they are.</summary>
[Flags]
internal enum CommandSet : byte
{
    /// <summary>CONNECT.</summary>
    Connect = 1,

    /// <summary>BIND.</summary>
    Bind = 2,

    /// <summary>UDP ASSOCIATE.</summary>
    UdpAssociate = 4,

    /// <summary>RESOLVE and RESOLVE_PTR.</summary>
    Resolve = 8,
}

/// <summary>What a <see cref="CommandSet"/> holds, and its words. No set at all means every command that the node offers.</summary>
internal static class CommandSets
{
    /// <summary>The words of all commands, in order.</summary>
    public static readonly string[] Words = [.. Enum.GetNames<CommandSet>().Select(KebabCase.Of)];

    /// <summary>Whether a user with these commands may use that one.</summary>
    public static bool Allows(this CommandSet? set, Command command) => set is not { } some || some.HasFlag(command switch
    {
        Command.Connect => CommandSet.Connect,
        Command.Bind => CommandSet.Bind,
        Command.UdpAssociate => CommandSet.UdpAssociate,
        _ => CommandSet.Resolve,
    });

    /// <summary>The words of the commands in a set.</summary>
    public static IEnumerable<string> WordsOf(CommandSet set) =>
        Enum.GetValues<CommandSet>().Zip(Words).Where(it => set.HasFlag(it.First)).Select(it => it.Second);

    /// <summary>The set of these words; null when there is none, or one that is no command.</summary>
    public static CommandSet? Of(IEnumerable<string?> words)
    {
        CommandSet set = 0;
        foreach (var word in words)
        {
            var place = Array.IndexOf(Words, word);
            if (place < 0)
                return null;
            set |= Enum.GetValues<CommandSet>()[place];
        }

        return set == 0 ? null : set;
    }
}
