using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>Changes to the fields of a message.</summary>
internal static class FieldEdits
{
    // They say something about a body that is not the same any more.
    private static readonly string[] OfTheBodyAsItWas =
        ["Content-Length", "ETag", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "Accept-Ranges"];

    /// <summary>Carries out one edit.</summary>
    public static void Apply(MessageEdit edit, IHeaderDictionary fields)
    {
        foreach (var name in edit.Remove)
            fields.Remove(name);
        foreach (var (name, value) in edit.Set)
            fields[name] = value;
    }

    /// <summary>Takes back what was said about a body that is being edited.</summary>
    public static void ForgetBody(IHeaderDictionary fields)
    {
        foreach (var name in OfTheBodyAsItWas)
            fields.Remove(name);
    }
}
