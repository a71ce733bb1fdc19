using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings;

/// <summary>A folder of configuration files for one test, and loading from it. Messages come back without the folder's path.</summary>
internal sealed class ConfigFolder : IDisposable
{
    public const string Loopback = "akkasocks { listeners { main { endpoint = \"127.0.0.1:1080\" } } }\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-settings-");

    public Dictionary<string, string> Environment { get; } = [];

    public List<SettingsOverride> Options { get; } = [];

    public Machine Machine { get; init; } = new(Processors: 4, OpenFiles: 20_000, "/home/x/.local/state/akkasocks");

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public ConfigFolder With(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return this;
    }

    public LoadedSettings Load(params string[] files)
    {
        Assert.True(TryLoad(files, out var loaded, out var problems), string.Join('\n', problems));
        return loaded!;
    }

    public string[] Problems(params string[] files)
    {
        Assert.False(TryLoad(files, out _, out var problems));
        return [.. problems.Select(problem => problem.ToString().Replace(_folder.FullName + "/", "", StringComparison.Ordinal))];
    }

    public bool TryLoad(string[] files, out LoadedSettings? loaded, out ImmutableArray<SettingsProblem> problems) =>
        SettingsLoader.TryLoad(
            new SettingsSources
            {
                Files = [.. files.Select(Path)],
                Environment = Environment,
                Options = [.. Options],
                Machine = Machine,
                PasswordProblem = phc => phc.StartsWith("$argon2id$", StringComparison.Ordinal) ? null : "unknown algorithm",
            },
            out loaded,
            out problems);

    public void Dispose() => _folder.Delete(recursive: true);
}
