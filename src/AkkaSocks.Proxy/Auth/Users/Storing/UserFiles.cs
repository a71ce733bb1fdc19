namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>The files of the embedded store: for their owner alone, and for one process at a time.</summary>
internal static class UserFiles
{
    /// <summary>What helps when the files cannot be had.</summary>
    public const string Remedy = "set a node.data-directory of this node's own, or auth.store.kind = none";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes directory and file where they are not there yet. SQLite gives the files it makes beside a database the
    /// mode of the database.</summary>
    /// <exception cref="IOException">It cannot be done.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be done.</exception>
    public static void Prepare(string directory, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }

        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        Open(path, FileShare.ReadWrite).Dispose();
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            File.SetUnixFileMode(path, OwnerOnly);
    }

    /// <summary>Takes the store for this process, by a lock of the system: nothing is left over after a crash. It is a lock of
    /// its own, not the database's, so that a backup can read that meanwhile.</summary>
    /// <exception cref="UserStoreException">Another process has it.</exception>
    /// <exception cref="IOException">The lock cannot be made.</exception>
    public static FileStream Take(string path)
    {
        var file = path + ".lock";
        try
        {
            return Open(file, FileShare.None);
        }
        catch (IOException inUse) when (File.Exists(file) && !CanBeRead(file))
        {
            throw new UserStoreException(path, $"another process uses it; {Remedy}", inUse);
        }
    }

    // A full disk, or one that can only be read, does not keep from reading; whoever has locked the file does.
    private static bool CanBeRead(string file)
    {
        try
        {
            new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }
}
