using System.CommandLine;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks har</c>: HTTP Archives.</summary>
internal sealed class HarVerb : Command
{
    /// <summary>The verb with the one below it.</summary>
    public HarVerb()
        : base("har", "Exports exchanges as an HTTP Archive.") => Add(new HarExportVerb());
}
