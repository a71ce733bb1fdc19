using System.Runtime.CompilerServices;

namespace AkkaSocks.Proxy.Tests.Settings;

/// <summary>The shipped configuration files, as they stand in the repository.</summary>
internal static class HoconFolder
{
    public static string Text(string name) => File.ReadAllText(Path.Combine(Root(), name));

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "hocon"));
}
