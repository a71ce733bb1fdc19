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

    [LongTheory("curl"), Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
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
        var before = node.Proxy.Figures.ResidentBytes;
        node.Proxy.Figures.ForgetPeak();
        var up = await node.Curl(version, "-T", file, origin.Url("www.test", "hash"));
        var down = await node.Curl(version, "-o", node.Files.Path("down"), origin.Url("www.test", $"file?{file}"));

        Assert.Equal((0, 0), (up.ExitCode, down.ExitCode));
        Assert.Equal(await HashAsync(file), up.Text);
        Assert.Equal(up.Text, await HashAsync(node.Files.Path("down")));
        Assert.InRange(node.Proxy.Figures.PeakBytes - before, 0, MayGrow);
    }

    private static async Task<string> HashAsync(string file)
    {
        await using var body = File.OpenRead(file);
        return Convert.ToHexString(await SHA256.HashDataAsync(body));
    }
}
