using System.Text;
using AkkaSocks.Mitm.Capture;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Capture;

public sealed class RedactionTests
{
    private static readonly Redaction Redaction = new(["authorization", "set-cookie"], ["*password*", "token"]);

    [Theory]
    [InlineData("/a", "/a")]
    [InlineData("/a?b=c&token=x&d", "/a?b=c&token=[redacted]&d")]
    [InlineData("/a?TOKEN=x", "/a?TOKEN=[redacted]")]
    [InlineData("/a?t%6Fken=x&user%5Bpassword%5D=y", "/a?t%6Fken=[redacted]&user%5Bpassword%5D=[redacted]")]
    [InlineData("/a?token", "/a?token")]
    [InlineData("/token=x", "/token=x")]
    public void Values_of_secret_parameters_go(string target, string kept) => Assert.Equal(kept, Redaction.OfTarget(target));

    [Fact]
    public void Values_of_secret_fields_go_and_so_do_those_in_addresses()
    {
        var fields = new HeaderDictionary
        {
            ["Authorization"] = "Basic x", ["Set-Cookie"] = new[] { "a", "b" }, ["Referer"] = "http://x/?token=y", ["X"] = "z",
            [":path"] = "/?token=y",
        };
        Assert.Equal(
            ["Authorization: [redacted]", "Set-Cookie: [redacted]", "Set-Cookie: [redacted]", "Referer: http://x/?token=[redacted]", "X: z"],
            Redaction.Of(fields).Select(field => $"{field.Key}: {field.Value}"));
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-8", null, "password=[redacted]&b=c")]
    [InlineData("application/x-www-form-urlencoded", "gzip", "")]
    [InlineData("application/json", null, "password=x&b=c")]
    public void Forms_lose_their_secrets(string type, string? coding, string kept) =>
        Assert.Equal(kept, Encoding.ASCII.GetString(Redaction.OfBody("password=x&b=c"u8.ToArray(), type, coding).Span));
}
