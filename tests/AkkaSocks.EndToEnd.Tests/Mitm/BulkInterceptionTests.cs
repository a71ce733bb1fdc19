using System.Security.Cryptography;
using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>Bodies pass, they are not kept.</summary>
[Collection(Alone.Name)]
public sealed class BulkInterceptionTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    private const long Bytes = 300 * 1024 * 1024;

    // Far below what is carried, far above what windows and pipes hold.
    private const long MayGrow = 120 * 1024 * 1024;

    [LongTheory("curl")]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task Hundreds_of_megabytes_pass_both_ways_whole_and_memory_stays(string version)
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);
        var file = node.Files.Path("body");
        await using (var body = File.Create(file))
        {
            for (long left = Bytes; left > 0; left -= 1 << 20)
                await body.WriteAsync(RandomNumberGenerator.GetBytes(1 << 20));
        }

        await node.Curl(version, origin.Url("www.test", "hello"));
        var (before, most) = (node.Proxy.Figures.ResidentBytes, 0L);
        using var done = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (!done.IsCancellationRequested && await tick.WaitForNextTickAsync())
                most = Math.Max(most, node.Proxy.Figures.ResidentBytes);
        });

        var up = await node.Curl(version, "-T", file, origin.Url("www.test", "hash"));
        var down = await node.Curl(version, "-o", "/dev/null", "-w", "%{size_download}", origin.Url("www.test", $"bulk/{Bytes}"));
        await done.CancelAsync();
        await watching;

        await using var again = File.OpenRead(file);
        Assert.Equal(Convert.ToHexString(await SHA256.HashDataAsync(again)), up.Text);
        Assert.Equal($"{Bytes}", down.Text);
        Assert.InRange(most - before, 0, MayGrow);
    }
}
