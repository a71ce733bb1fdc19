using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.Proxy.Tests.Capture;

/// <summary>An exchange that is over.</summary>
internal static class TestExchange
{
    /// <summary>One with a body of so many bytes, all of them kept.</summary>
    public static CapturedExchange Of(int body) => new()
    {
        Session = "s1",
        User = null,
        Client = "127.0.0.1:1",
        Started = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.FromMilliseconds(20),
        FirstByte = TimeSpan.FromMilliseconds(5),
        Method = "GET",
        Host = "example.test",
        Url = "http://example.test/",
        Version = "HTTP/1.1",
        RequestFields = [],
        RequestBody = new CapturedBody(0, default),
        Status = 200,
        ResponseFields = [],
        ResponseBody = new CapturedBody(body, new byte[body]),
        Messages = [],
        Rule = null,
        Edits = [],
        Error = null,
    };
}
