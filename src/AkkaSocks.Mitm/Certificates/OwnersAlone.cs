namespace AkkaSocks.Mitm.Certificates;

/// <summary>What a file must be that whoever has it can read traffic with.</summary>
internal static class OwnersAlone
{
    /// <summary>The mode such a file is made with.</summary>
    public const UnixFileMode ReadAndWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>What others may do with a file of that mode; null where they may do nothing.</summary>
    public static UnixFileMode? Violation(UnixFileMode mode) => (mode & Others) is not UnixFileMode.None and var others ? others : null;
}
