using System.Collections.Immutable;
using System.Text;
using AkkaSocks.Mitm.Rules;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Capture;

/// <summary>Keeps out of what is captured what nobody is to read there. The names stay, and show that there was something.</summary>
internal sealed class Redaction
{
    /// <summary>What stands in the place of a value.</summary>
    public const string Mark = "[redacted]";

    private readonly HashSet<string> _fields;
    private readonly ImmutableArray<Glob> _parameters;

    /// <summary>Values of these fields, and of parameters of queries and forms whose names match.</summary>
    public Redaction(IEnumerable<string> fields, IEnumerable<string> parameters)
    {
        _fields = new HashSet<string>(fields, StringComparer.OrdinalIgnoreCase);
        _parameters = Glob.Of([.. parameters], ignoreCase: true);
    }

    /// <summary>Fields, their secret values gone.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Of(IHeaderDictionary fields)
    {
        var kept = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(fields.Count);
        foreach (var (name, values) in fields)
        {
            // Pseudo-fields of HTTP/2 say again what stands in the URL.
            if (name.StartsWith(':'))
                continue;
            foreach (var value in values)
                kept.Add(KeyValuePair.Create(name, _fields.Contains(name) ? Mark : OfFieldWithUrl(name, value ?? "")));
        }

        return kept.ToImmutable();
    }

    /// <summary>A request target, or a URL, with the secrets in its query gone.</summary>
    public string OfTarget(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : string.Concat(target.AsSpan(0, query + 1), OfPairs(target[(query + 1)..]));
    }

    /// <summary>The head of a body. Of a form whose coding hides it nothing is kept.</summary>
    public ReadOnlyMemory<byte> OfBody(ReadOnlyMemory<byte> head, string? contentType, string? contentEncoding)
    {
        if (_parameters.IsEmpty || contentType?.Contains("form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            return head;
        return contentEncoding is not (null or "" or "identity")
            ? default(ReadOnlyMemory<byte>)
            : Encoding.Latin1.GetBytes(OfPairs(Encoding.Latin1.GetString(head.Span)));
    }

    // A page that is left by a link tells its address, parameters and all; so does one that is moved.
    private string OfFieldWithUrl(string name, string value) =>
        name.Equals("Referer", StringComparison.OrdinalIgnoreCase) || name.Equals("Location", StringComparison.OrdinalIgnoreCase)
            ? OfTarget(value)
            : value;

    private string OfPairs(string pairs)
    {
        if (_parameters.IsEmpty)
            return pairs;
        return string.Join('&', pairs.Split('&').Select(pair =>
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            return equals >= 0 && IsSecret(pair[..equals]) ? pair[..(equals + 1)] + Mark : pair;
        }));
    }

    private bool IsSecret(string name)
    {
        var decoded = Uri.UnescapeDataString(name.Replace('+', ' '));
        foreach (var glob in _parameters)
        {
            if (glob.IsMatch(decoded))
                return true;
        }

        return false;
    }
}
