using System.CommandLine;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks ca</c>: the authority of <c>mitm.ca</c>.</summary>
internal sealed class CaVerb : Command
{
    /// <summary>The verb with those below it.</summary>
    public CaVerb()
        : base("ca", "Shows, prints and makes the authority that signs the certificates clients are shown where interception is on.")
    {
        Add(new CaShowVerb());
        Add(new CaExportVerb());
        Add(new CaCreateVerb());
    }
}
