using AkkaSocks.Proxy.Settings.Hocon;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>A value as a message shows it: enough to recognise it, on one line, and nothing a terminal would obey.</summary>
internal static class ValuePicture
{
    private const int MaxLength = 80;

    /// <summary>The picture; null for what has none, which its key says well enough.</summary>
    public static string? Of(HoconNode? node) => node switch
    {
        HoconText text => HoconQuote.Of(text.Text.Length <= MaxLength ? text.Text : text.Text[..MaxLength] + "…"),
        HoconArray { Items: var items } when items.Length <= 4 && items.All(item => item is HoconText) =>
            $"[{string.Join(", ", items.Select(Of))}]",
        HoconArray => "[ … ]",
        _ => null,
    };
}
