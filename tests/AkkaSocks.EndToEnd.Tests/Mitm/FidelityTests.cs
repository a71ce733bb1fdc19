using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>What proxies are apt to change, drop or wait for, with curl and inside TLS.</summary>
public sealed class FidelityTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    public static TheoryData<string> Versions => ["--http1.1", "--http2"];

    [NeedsToolTheory("curl")]
    [MemberData(nameof(Versions))]
    public async Task The_target_reaches_the_origin_byte_for_byte(string version)
    {
        await using var origin = await StartAsync();

        var curl = await node.Curl(version, "--path-as-is", origin.Url("www.test", "a%2Fb/%7Euser/../x//y?x=%41&y=a+b|c"));

        Assert.Equal("/a%2Fb/%7Euser/../x//y?x=%41&y=a+b|c", curl.Text);
    }

    [NeedsToolTheory("curl")]
    [MemberData(nameof(Versions))]
    public async Task Answers_of_all_kinds_come_as_they_are(string version)
    {
        await using var origin = await StartAsync();

        string[] next = ["--next", "-sS", "-x", node.Socks, "--cacert", node.Authority, version];
        var curl = await node.Curl(
        [
            version, "--compressed", "-w", " %{http_code} ", origin.Url("www.test", "zipped"),
            .. next, "-w", "%{http_code} %{size_download} ", origin.Url("www.test", "nothing"),
            .. next, "-I", "-o", "/dev/null", "-w", "%{http_code} %{size_download} ", origin.Url("www.test", "hello"),
            .. next, "-w", "%{size_header}", origin.Url("www.test", "field/40000"),
        ]);

        Assert.Equal((0, ""), (curl.ExitCode, curl.Errors));
        Assert.Matches($@"^{WebOrigin.Zipped} 200 204 0 200 0 40\d\d\d$", curl.Text);
        Assert.Equal(1, origin.Connections);
    }

    /// <summary>Also P3: what is known of the first connection is not asked of it once it is gone.</summary>
    [NeedsToolFact("curl")]
    public async Task An_origin_that_closes_behind_each_answer_is_dialed_again_and_the_client_hears_nothing_of_it()
    {
        await using var origin = await WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1);
        var url = origin.Url("www.test", "closing");

        var curl = await node.Curl("-w", "%{num_connects}", url, url, url);

        Assert.Equal((0, "bye1bye0bye0", ""), (curl.ExitCode, curl.Text, curl.Errors));
        Assert.Equal(3, origin.Connections);
        Assert.Equal("https", await node.OutcomeAsync(origin.Port));
    }

    /// <summary>P2: what OpenSSL has to say after a handshake is not taken for a server that speaks first.</summary>
    [NeedsToolFact("curl")]
    public async Task A_client_that_names_no_protocol_is_looked_into_once_it_speaks()
    {
        await using var origin = await StartAsync();

        Assert.Equal("hello by HTTP/1.1", (await node.Curl("--no-alpn", origin.Url("www.test", "hello"))).Text);
        Assert.Equal("https", await node.OutcomeAsync(origin.Port));
    }

    [NeedsToolFact("curl")]
    public async Task Requests_of_many_streams_at_once_go_by_one_connection()
    {
        await using var origin = await StartAsync();

        var curl = await node.Curl("--http2", "-Z", "--parallel-max", "50", $"{origin.Url("www.test", "hello")}?[1-50]");

        Assert.Equal((0, 50 * "hello by HTTP/2".Length), (curl.ExitCode, curl.Text.Length));
        Assert.Equal(1, origin.Connections);
    }

    private Task<WebOrigin> StartAsync() => WebOrigin.StartAsync(node.Files.Issue("www.test"), HttpProtocols.Http1AndHttp2);
}
