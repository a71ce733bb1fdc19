using System.Net;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.admin</c>.</summary>
internal static class AdminReader
{
    /// <summary>Reads the section.</summary>
    /// <param name="admin">The section.</param>
    /// <param name="listeners">Refuses an endpoint that is a listener's.</param>
    public static AdminSettings Read(ConfigSection admin, ListenerRules listeners)
    {
        var endpoint = admin.Value<IPEndPoint?>("endpoint", ReadEndpoint);
        if (endpoint is not null)
            listeners.RefuseTaken(endpoint, admin);
        var token = admin.Secret<AdminToken?>("token", ReadToken);
        var fromFile = admin.Value<AdminToken?>("token-file", ReadTokenFile);
        return new AdminSettings
        {
            Endpoint = endpoint,
            Token = token ?? fromFile,
            ReadToken = admin.Secret<AdminToken?>("read-token", ReadToken),
        };
    }

    private static string? ReadEndpoint(string text, out IPEndPoint? value)
    {
        value = null;
        if (text.Length == 0)
            return null;
        return EndpointText.Read(text, out value) is { } expected ? $"{expected}, or \"\" for none"
            : !IPAddress.IsLoopback(value.Address) ? "a loopback address such as 127.0.0.1: beyond it others can read the token"
            : null;
    }

    private static string? ReadTokenFile(string path, out AdminToken? value)
    {
        value = null;
        if (path.Length == 0)
            return null;
        try
        {
            var text = File.ReadAllText(path).Trim();
            return text.Length == 0 ? "the path of a file with a token; it is empty"
                : ReadToken(text, out value) is { } expected ? $"the path of a file with a token {expected}"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return $"the path of a file with a token, which this user may read; {e.Message}";
        }
    }

    private static string? ReadToken(string text, out AdminToken? value)
    {
        value = null;
        if (text.Length == 0)
            return null;
        if (text.Length is < AdminToken.MinLength or > AdminToken.MaxLength || !text.All(c => c is >= '!' and <= '~'))
        {
            return $"from {AdminToken.MinLength} to {AdminToken.MaxLength} letters, digits and signs without blanks, "
                + "as `openssl rand -base64 32` prints them";
        }

        value = new AdminToken(text);
        return null;
    }
}
