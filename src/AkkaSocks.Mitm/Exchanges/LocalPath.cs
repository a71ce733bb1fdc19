namespace AkkaSocks.Mitm.Exchanges;

/// <summary>The file below a directory that a request path means.</summary>
internal static class LocalPath
{
    /// <summary>Finds it; of a directory, its index.html.</summary>
    /// <param name="directory">The full path of the directory, out of which no path leads. Links in it are followed.</param>
    /// <param name="path">A path, decoded.</param>
    /// <returns>The full path of an existing file; null when there is none.</returns>
    public static string? Find(string directory, string path)
    {
        if (path.AsSpan().ContainsAny('\0', '\\') || path.Split('/').Any(segment => segment is ".." or "."))
            return null;
        var root = Path.TrimEndingDirectorySeparator(directory) + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(Path.Join(root, path.TrimStart('/')));
        if (!full.StartsWith(root, StringComparison.Ordinal))
            return null;
        if (Directory.Exists(full))
            full = Path.Join(full, "index.html");
        return File.Exists(full) ? full : null;
    }
}
