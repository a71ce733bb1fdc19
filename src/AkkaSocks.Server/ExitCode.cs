namespace AkkaSocks.Server;

/// <summary>What the process says to its caller.</summary>
internal static class ExitCode
{
    /// <summary>Done, a requested stop included.</summary>
    public const int Done = 0;

    /// <summary>It was asked for properly and failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong; trying again changes nothing.</summary>
    public const int WrongUsage = 2;
}
