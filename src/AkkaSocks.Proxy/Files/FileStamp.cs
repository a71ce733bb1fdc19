namespace AkkaSocks.Proxy.Files;

/// <summary>
/// When a file was written last and how long it is: the same stamp twice means that there is nothing new to read. A file that
/// is not there has the default one.
/// </summary>
internal readonly record struct FileStamp(DateTime WrittenAt, long Length)
{
    /// <summary>The stamp of what a path leads to now: many of the files we watch are links, and a link keeps its date.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours to look at.</exception>
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists)
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return file.Exists ? new FileStamp(file.LastWriteTimeUtc, file.Length) : default;
    }
}
