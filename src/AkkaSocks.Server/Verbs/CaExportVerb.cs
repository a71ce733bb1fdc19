using System.CommandLine;
using AkkaSocks.Mitm.Certificates;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks ca export</c>: the certificate as PEM, for trust stores. The key is no verb's to print.</summary>
internal sealed class CaExportVerb : Command
{
    /// <summary>The verb with its options.</summary>
    public CaExportVerb()
        : base("export", "Prints the authority's certificate as PEM, for the trust stores of clients. Never its key.")
    {
        var files = ConfigOptions.Files();
        Add(files);
        SetAction(parsed => CaFile.Use(parsed.GetValue(files), settings =>
        {
            using var authority = AuthorityFiles.Read(settings);
            Console.Out.WriteLine(authority.ExportCertificatePem());
        }));
    }
}
