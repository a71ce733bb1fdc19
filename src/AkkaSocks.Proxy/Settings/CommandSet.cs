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

    // Tor's RESOLVE and RESOLVE_PTR.
    private const Command Resolve = (Command)0xF0, ResolvePointer = (Command)0xF1;

    /// <summary>Whether a user with these commands may use that one. What is no command at all is not refused here.</summary>
    public static bool Allows(this CommandSet? set, Command command) => set is not { } some || command switch
    {
        Command.Connect => some.HasFlag(CommandSet.Connect),
        Command.Bind => some.HasFlag(CommandSet.Bind),
        Command.UdpAssociate => some.HasFlag(CommandSet.UdpAssociate),
        Resolve or ResolvePointer => some.HasFlag(CommandSet.Resolve),
        _ => true,
    };

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
