using System.Security.Cryptography;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

[Collection(RealClients.Name)]
public sealed class GitTests(ClientProxies proxies) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-git-");

    [NeedsToolTheory("git")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_clones_a_repository(bool password)
    {
        var commit = await PublishRepository();
        var copy = Path.Combine(_folder.FullName, "copy");
        await using var origin = await HttpOrigin.StartAsync(folder: _folder.FullName);
        var proxy = password
            ? $"socks5h://{User.Name}:{Uri.EscapeDataString(User.Password)}@{proxies.Guarded.Endpoint}"
            : $"socks5h://{proxies.Open.Endpoint}";

        await Git("-c", $"http.proxy={proxy}", "clone", "-q", origin.Url("localhost", "files/published.git"), copy);

        Assert.Equal(commit, await Git("-C", copy, "rev-parse", "HEAD"));
        Assert.Equal("", await Git("-C", copy, "fsck", "--strict", "--no-progress"));
        var used = password ? proxies.Guarded : proxies.Open;
        await Eventually.TrueAsync(
            () => used.Sessions().Any(session => session.TryGetProperty("destination", out var destination)
                && destination.GetString() == $"localhost:{origin.Port}"),
            () => "git's session to end");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A repository with a few files, as a folder that a web server need not understand. Its commit.</summary>
    private async Task<string> PublishRepository()
    {
        var work = Path.Combine(_folder.FullName, "work");
        var bare = Path.Combine(_folder.FullName, "published.git");
        await Git("init", "-q", "-b", "main", work);
        for (var i = 0; i < 20; i++)
            await File.WriteAllBytesAsync(Path.Combine(work, $"file-{i}"), RandomNumberGenerator.GetBytes(50_000));
        await Git("-C", work, "add", ".");
        await Git("-C", work, "-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "-q", "-m", "Files");
        await Git("clone", "-q", "--bare", work, bare);
        await Git("-C", bare, "update-server-info");
        return await Git("-C", work, "rev-parse", "HEAD");
    }

    private static async Task<string> Git(params string[] arguments)
    {
        var git = await Tool.RunAsync("git", arguments);
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}: {git.Errors}");
        return git.Text;
    }
}
