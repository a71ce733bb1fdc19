using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Sessions.Certificates;

/// <summary>
/// The name of the user in a client's certificate that was verified. Exactly one, or none: of two names an authority has put
/// into a certificate, nobody can tell which it meant.
/// </summary>
internal static class ClientIdentity
{
    private const string CommonName = "2.5.4.3", SubjectAlternativeNames = "2.5.29.17";

    // GeneralName (RFC 5280 §4.2.1.6): rfc822Name [1], uniformResourceIdentifier [6], both IA5String.
    private static readonly Asn1Tag Email = new(TagClass.ContextSpecific, 1), Uri = new(TagClass.ContextSpecific, 6);

    /// <summary>The name that stands in a field; null when there is none, or more than one, or none that a user could have.</summary>
    public static UserName? Of(X509Certificate2 certificate, IdentityField field)
    {
        try
        {
            List<string> names =
            [
                .. field switch
                {
                    IdentityField.Cn => CommonNames(certificate),
                    IdentityField.SanUri => AlternativeNames(certificate, Uri),
                    _ => AlternativeNames(certificate, Email),
                },
            ];
            return names is [{ Length: > 0 } name] ? UserName.FromText(name) : null;
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or AsnContentException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IEnumerable<string> CommonNames(X509Certificate2 certificate) =>
        from part in certificate.SubjectName.EnumerateRelativeDistinguishedNames()
        where !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName
        select part.GetSingleElementValue();

    private static IEnumerable<string> AlternativeNames(X509Certificate2 certificate, Asn1Tag kind)
    {
        foreach (var extension in certificate.Extensions.Where(it => it.Oid?.Value == SubjectAlternativeNames))
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(kind))
                    yield return names.ReadCharacterString(UniversalTagNumber.IA5String, kind);
                else
                    names.ReadEncodedValue();
            }
        }
    }
}
