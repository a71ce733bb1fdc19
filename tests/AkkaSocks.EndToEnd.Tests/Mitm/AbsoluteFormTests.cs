using System.Text;
using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.EndToEnd.Tests.Http;
using AkkaSocks.EndToEnd.Tests.Interception;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>Requests to the HTTP proxy that name their authority (<c>GET http://host/</c>) are looked into like those of a tunnel.</summary>
public sealed class AbsoluteFormTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    private const string Marking = """
        akkasocks.mitm.rules = [
          { name = mark, match { }, action { response { set { X-Looked = yes } } } }
          { name = stub, match { path = "/stub" }, action { mock { status = 200, content-type = text/plain, body = "stubbed" } } }
        ]
        """;

    [NeedsToolFact("curl")]
    public async Task A_kept_alive_client_has_one_connection_to_its_origin_and_one_session()
    {
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);

        var curl = await CurlAsync(node.Proxy, origin.Url("www.test", "hello"), origin.Url("www.test", "host"));

        Assert.Equal((0, $"hello by HTTP/1.1www.test:{origin.Port}", ""), (curl.ExitCode, curl.Text, curl.Errors));
        Assert.Equal(1, origin.Connections);
        Assert.Equal("http", await node.OutcomeAsync(origin.Port));
    }

    [NeedsToolFact("curl")]
    public async Task Each_authority_goes_by_its_own_scope_and_egress_and_rules_answer_without_an_origin()
    {
        using var proxy = await node.StartAsync(Marking);
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);
        await using var other = await WebOrigin.StartAsync(null, HttpProtocols.Http1);

        var curl = await CurlAsync(
            proxy, "-o", "/dev/null", "-o", "/dev/null", "-o", "/dev/null", "-o", "/dev/null", "-o", "/dev/null",
            "-w", "%{http_code} %header{x-looked} %header{x-akkasocks-error} %{num_connects}\\n",
            origin.Url("www.test", "hello"), other.Url("vault.bank.test", "hello"), "http://10.0.0.1/",
            "http://nobody.test/stub", other.Url("wrong.test", "hello"));

        Assert.Equal(
            "200 yes  1\n200   0\n403  special-purpose-address 0\n200 yes  0\n200 yes  0\n", curl.Text);
        Assert.Equal("http", Assert.Single(await proxy.SessionsAsync(1)).GetProperty("intercept").GetString());
    }

    [NeedsToolFact("curl")]
    public async Task What_is_out_of_scope_is_forwarded_as_ever()
    {
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);

        Assert.Equal("hello by HTTP/1.1", (await CurlAsync(node.Proxy, origin.Url("vault.bank.test", "hello"))).Text);
        Assert.Null(await node.OutcomeAsync(origin.Port));
    }

    [NeedsToolFact("curl")]
    public async Task The_origin_sees_the_target_and_fields_byte_for_byte_and_nothing_meant_for_the_proxy()
    {
        using var proxy = await node.StartAsync(User.Hocon);
        await using var origin = await RawOrigin.StartAsync();

        var curl = await CurlAsync(
            proxy, "-U", $"{User.Name}:{User.Password}", "--path-as-is", "-H", "Host: other.test", "-H", "X-Bytes: \u00e9",
            $"http://www.test:{origin.Port}/a%2Fb/%7Euser/../x//y?x=%41&y=a+b|c");

        Assert.Equal((0, ""), (curl.ExitCode, curl.Errors));
        var request = Assert.Single(origin.Requests);
        Assert.StartsWith("GET /a%2Fb/%7Euser/../x//y?x=%41&y=a+b|c HTTP/1.1\r\n", request);
        Assert.Contains($"\r\nHost: www.test:{origin.Port}\r\n", request);
        Assert.Contains($"\r\nX-Bytes: {Encoding.Latin1.GetString("\u00e9"u8)}\r\n", request);
        Assert.DoesNotContain("Proxy-", request, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(User.Name, Assert.Single(await proxy.SessionsAsync(1)).GetProperty("user").GetString());
    }

    [NeedsToolTheory("curl")]
    [InlineData("cut", 18, 56)]
    [InlineData("gone", 0, 0)]
    public async Task An_origin_that_fails_is_no_complete_answer(string path, params int[] exits)
    {
        await using var origin = await WebOrigin.StartAsync(null, HttpProtocols.Http1);
        var url = path == "cut" ? origin.Url("www.test", path) : "http://www.test:1/";

        var curl = await CurlAsync(node.Proxy, "-o", "/dev/null", "-w", "%{http_code} %header{x-akkasocks-error}", url);

        // Where the reset comes before the proxy has read the answer's head, there is no answer but the proxy's own.
        Assert.True(
            path == "gone"
                ? curl.Text == "502 connection-refused"
                : exits.Contains(curl.ExitCode) || curl.Text.StartsWith("502", StringComparison.Ordinal),
            $"{curl.ExitCode}: {curl.Text} {curl.Errors}");
    }

    [NeedsToolFact("curl")]
    public async Task What_is_remembered_has_no_password_of_the_proxy_even_where_no_field_is_redacted()
    {
        await using var origin = await HttpOrigin.StartAsync();
        using var exchanges = await ExchangeNode.StartAsync("capture.redact-fields = []", more: User.Hocon);

        var curl = await Tool.RunAsync(
            "curl", "-sS", "-x", $"http://{exchanges.Socks}", "-U", $"{User.Name}:{User.Password}", origin.Url("127.0.0.1"));
        Assert.Equal((0, HttpOrigin.Hello, ""), (curl.ExitCode, curl.Text, curl.Errors));
        var archive = await exchanges.VerbAsync("har", "export");

        var entry = Assert.Single(
            JsonDocument.Parse(archive.Output).RootElement.GetProperty("log").GetProperty("entries").EnumerateArray());
        Assert.Equal(origin.Url("127.0.0.1"), entry.GetProperty("request").GetProperty("url").GetString());
        Assert.Equal(User.Name, entry.GetProperty("_user").GetString());
        Assert.DoesNotContain("Proxy-", archive.Output, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<Tool.Outcome> CurlAsync(RunningProxy proxy, params string[] arguments) =>
        Tool.RunAsync("curl", ["-sS", "-x", $"http://{proxy.Endpoint}", .. arguments]);
}
