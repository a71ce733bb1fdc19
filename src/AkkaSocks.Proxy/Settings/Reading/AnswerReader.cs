using System.Text;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads what answers instead of the origin: at most one in an <c>action</c>.</summary>
internal static class AnswerReader
{
    // Held as long as the node runs.
    private const int MaxMock = 16 * 1024 * 1024;

    /// <summary>The keys there are.</summary>
    public static readonly string[] Keys = ["block", "mock", "map-local", "map-remote"];

    /// <summary>Reads it; null when there is none.</summary>
    public static RuleAnswer? Read(ConfigSection action)
    {
        var given = Array.FindAll(Keys, action.Has);
        foreach (var more in given.Skip(1))
            action.Refuse(more, $"there is {given[0]} already, and only one can answer");
        return given.FirstOrDefault() switch
        {
            "block" => action.Section("block", block => new RuleAnswer.Block(block.Value("status", ScalarText.ReadCount(400, 599)))),
            "mock" => action.Section("mock", Mock),
            "map-local" => new RuleAnswer.MapLocal(action.Value<string>("map-local", ReadDirectory)),
            "map-remote" => new RuleAnswer.MapRemote(action.Value<Uri>("map-remote", ReadOrigin)),
            _ => null,
        };
    }

    private static RuleAnswer.Mock Mock(ConfigSection mock)
    {
        var status = mock.Value("status", ScalarText.ReadCount(200, 599));
        var type = mock.Value<string>("content-type", FieldText.ReadValue);
        if (mock.Has("body") == mock.Has("file"))
            mock.Refuse("expected either body or file");
        var body = mock.Has("file") ? mock.Value<byte[]>("file", ReadFile)
            : mock.Has("body") ? Encoding.UTF8.GetBytes(mock.Value<string>("body", ScalarText.Read) ?? "")
            : [];
        return new RuleAnswer.Mock(status, type, body);
    }

    private static string? ReadFile(string text, out byte[] value)
    {
        value = [];
        try
        {
            if (new FileInfo(text) is { Exists: true, Length: <= MaxMock })
            {
                value = File.ReadAllBytes(text);
                return null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"a file that can be read: {e.Message}";
        }

        return $"an existing file of at most {MaxMock / 1024 / 1024} MiB";
    }

    private static string? ReadDirectory(string text, out string value)
    {
        value = text;
        if (!Directory.Exists(text))
            return "an existing directory";
        value = Path.GetFullPath(text);
        return null;
    }

    private static string? ReadOrigin(string text, out Uri value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value!) && value.Scheme is "http" or "https"
        && value is { PathAndQuery: "/", Fragment: "", UserInfo: "", Host.Length: > 0 }
            ? null
            : "an origin such as https://stage.example.com, without a path";
}
