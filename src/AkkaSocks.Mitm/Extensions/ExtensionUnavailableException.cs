using AkkaSocks.Proxy.Listening;

namespace AkkaSocks.Mitm.Extensions;

/// <summary>A type that the configuration names cannot be used, so the node did not start, or has kept what it had.</summary>
internal sealed class ExtensionUnavailableException(string key, string type, Exception cause)
    : StartFailedException($"{key}: cannot use {type}: {cause.Message}", cause)
{
    /// <summary>The key that names it.</summary>
    public string Key => $"akkasocks.{key}";
}
