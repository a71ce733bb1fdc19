namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>A text is no HOCON. After the first such place the rest of a text cannot be trusted, so parsing ends there; it never
/// leaves <see cref="HoconParser"/>.</summary>
internal sealed class HoconSyntaxException(int line, string message) : Exception(message)
{
    /// <summary>The line, from 1.</summary>
    public int Line => line;
}
