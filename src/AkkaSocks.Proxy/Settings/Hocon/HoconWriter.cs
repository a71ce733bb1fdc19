using System.Text;

namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>Writes a resolved tree as the plainest HOCON there is, all keys and values in quotes, for Akka's own parser to read.</summary>
internal static class HoconWriter
{
    /// <summary>The object's members, each on lines of its own.</summary>
    public static string Write(HoconObject members)
    {
        var text = new StringBuilder();
        Write(text, members);
        return text.ToString();
    }

    // No comma after a closing brace: Akka's parser refuses it.
    private static void Write(StringBuilder text, HoconObject members)
    {
        foreach (var (name, value) in members.Members)
        {
            text.Append(HoconQuote.Of(name)).Append(" = ");
            Write(text, value);
            text.Append('\n');
        }
    }

    private static void Write(StringBuilder text, HoconNode value)
    {
        switch (value)
        {
            case HoconObject members:
                text.Append("{\n");
                Write(text, members);
                text.Append('}');
                break;
            case HoconArray array:
                text.Append('[');
                for (var i = 0; i < array.Items.Length; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Write(text, array.Items[i]);
                }

                text.Append(']');
                break;
            case HoconText { Quoted: false, Text: "null" }:
                text.Append("null");
                break;
            case HoconText scalar:
                text.Append(HoconQuote.Of(scalar.Text));
                break;
        }
    }
}
