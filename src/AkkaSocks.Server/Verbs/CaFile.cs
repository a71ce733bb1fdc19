using AkkaSocks.Mitm.Certificates;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Server.Verbs;

/// <summary>What the verbs of <c>akkasocks ca</c> have in common: settings that name the authority, and how its faults are told.</summary>
internal static class CaFile
{
    /// <summary>Does something with the authority that a configuration names.</summary>
    /// <returns>The exit code.</returns>
    public static int Use(string[]? files, Action<MitmCaSettings> use)
    {
        if (!ConfigOptions.TryLoad(files, [], out var settings, out var problems))
        {
            CheckVerb.Tell(problems);
            return ExitCode.WrongUsage;
        }

        try
        {
            use(settings.Proxy.Mitm.Ca);
            return ExitCode.Done;
        }
        catch (AuthorityUnavailableException e)
        {
            Console.Error.WriteLine($"akkasocks: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
