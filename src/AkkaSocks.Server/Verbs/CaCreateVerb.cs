using System.CommandLine;
using AkkaSocks.Mitm.Certificates;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks ca create</c>: an authority before the first start, so that clients can be made to trust it first.</summary>
internal sealed class CaCreateVerb : Command
{
    /// <summary>The verb with its options.</summary>
    public CaCreateVerb()
        : base("create", "Makes an authority in mitm.ca.dir, where there is none yet.")
    {
        var files = ConfigOptions.Files();
        Add(files);
        SetAction(parsed => CaFile.Use(parsed.GetValue(files), settings =>
        {
            if (settings.Certificate.Length > 0)
                throw new AuthorityUnavailableException("mitm.ca.certificate names an authority already");
            AuthorityFiles.Create(settings.Directory);
            Console.Out.WriteLine(AuthorityFiles.FilesOf(settings).Certificate);
        }));
    }
}
