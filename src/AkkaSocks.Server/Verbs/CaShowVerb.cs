using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using AkkaSocks.Mitm.Certificates;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks ca show</c>: what clients must have been made to trust, so that people can compare.</summary>
internal sealed class CaShowVerb : Command
{
    /// <summary>The verb with its options.</summary>
    public CaShowVerb()
        : base("show", "Shows the authority's name, SHA-256 fingerprint and validity, and where its certificate is.")
    {
        var files = ConfigOptions.Files();
        Add(files);
        SetAction(parsed => CaFile.Use(parsed.GetValue(files), settings =>
        {
            using var authority = AuthorityFiles.Read(settings);
            Console.Out.WriteLine($"subject      {authority.Subject}");
            Console.Out.WriteLine($"sha256       {string.Join(':', SHA256.HashData(authority.RawData).Select(it => it.ToString("X2", CultureInfo.InvariantCulture)))}");
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"valid        {authority.NotBefore.ToUniversalTime():yyyy-MM-dd} to {authority.NotAfter.ToUniversalTime():yyyy-MM-dd}"));
            Console.Out.WriteLine($"certificate  {AuthorityFiles.FilesOf(settings).Certificate}");
        }));
    }
}
