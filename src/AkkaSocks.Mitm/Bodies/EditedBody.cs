using System.Text;
using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.Extensions.Primitives;

namespace AkkaSocks.Mitm.Bodies;

/// <summary>A body in which something is replaced.</summary>
internal static class EditedBody
{
    /// <summary>Undoes the codings of a body and replaces in what is inside, one thing after the other.</summary>
    /// <returns>Null when a coding is not known: then the body is to pass as it is.</returns>
    public static Stream? TryOpen(
        Stream body, StringValues contentEncoding, IReadOnlyList<BodyReplace> replaces, BodySettings bodies)
    {
        if (DecodedBody.TryOpen(body, contentEncoding, bodies.MaxRatio) is not { } plain)
            return null;
        foreach (var replace in replaces)
        {
            if (replace.Regex is { } regex)
            {
                plain = new RegexStream(plain, regex, replace.With, bodies.MaxSize);
                continue;
            }

            var (text, with) = (Encoding.UTF8.GetBytes(replace.Text!), Encoding.UTF8.GetBytes(replace.With));
            plain = new ReplacingStream(plain, new ByteReplacer(text, with));
        }

        return plain;
    }
}
