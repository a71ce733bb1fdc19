using System.Text;

namespace AkkaSocks.Proxy.Outcomes;

/// <summary>How a name of a closed set is written outside C#: <c>ClientReset</c> becomes <c>client-reset</c>.</summary>
internal static class KebabCase
{
    /// <summary>The kebab-case form of a PascalCase name.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1]))
                text.Append('-');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
