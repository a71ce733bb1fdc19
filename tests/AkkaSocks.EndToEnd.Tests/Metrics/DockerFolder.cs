using System.Runtime.CompilerServices;

namespace AkkaSocks.EndToEnd.Tests.Metrics;

/// <summary>The files beside the code that name metrics.</summary>
internal static class DockerFolder
{
    public static string PathOf(string file) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docker", file));

    public static string Text(string file) => File.ReadAllText(PathOf(file));

    private static string Here([CallerFilePath] string path = "") => path;
}
