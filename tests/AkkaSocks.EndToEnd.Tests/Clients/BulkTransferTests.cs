using System.Security.Cryptography;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

/// <summary>100 MB there and back through curl, over every transport and engine.</summary>
public sealed class BulkTransferTests : IDisposable
{
    private const int Length = 100_000_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-bulk-");

    public static TheoryData<Engine> Engines => Harness.Engines.All;

    [NeedsToolTheory("curl")]
    [MemberData(nameof(Engines))]
    public async Task A_hundred_megabytes_arrive_unchanged_in_both_directions(Engine engine)
    {
        var bytes = RandomNumberGenerator.GetBytes(Length);
        var hash = Convert.ToHexString(SHA256.HashData(bytes));
        var source = Path.Combine(_folder.FullName, "source");
        var copy = Path.Combine(_folder.FullName, "copy");
        await File.WriteAllBytesAsync(source, bytes);
        await using var origin = await HttpOrigin.StartAsync(folder: _folder.FullName);
        using var proxy = await RunningProxy.StartAsync(engine.ToHocon());
        string[] curl = ["-sS", "--fail", "-x", $"socks5h://{proxy.Endpoint}"];

        var transfers = await Task.WhenAll(
            Tool.RunAsync("curl", [.. curl, "-T", source, origin.Url("127.0.0.1", "hash")]),
            Tool.RunAsync("curl", [.. curl, "-o", copy, origin.Url("127.0.0.1", "files/source")]));

        Assert.All(transfers, it => Assert.Equal((0, ""), (it.ExitCode, it.Errors)));
        Assert.Equal(hash, transfers[0].Text);
        await using (var file = File.OpenRead(copy))
            Assert.Equal(hash, Convert.ToHexString(await SHA256.HashDataAsync(file)));
        var sessions = await proxy.SessionsAsync(2);
        Assert.Contains(sessions, session => session.GetProperty("clientToDestination").GetInt64() > Length);
        Assert.Contains(sessions, session => session.GetProperty("destinationToClient").GetInt64() > Length);
        await proxy.StopWithoutComplaintAsync();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
