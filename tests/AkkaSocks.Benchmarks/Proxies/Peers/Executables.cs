namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>Finds executables: first in the folder named by AKKASOCKS_BENCH_PEERS, then where PATH and servers are.</summary>
internal static class Executables
{
    private const string PeersVariable = "AKKASOCKS_BENCH_PEERS";

    /// <summary>The path of the first that exists; null when none does.</summary>
    public static string? Find(params string[] names)
        => (from name in names
            from folder in Folders()
            let path = Path.Combine(folder, name)
            where File.Exists(path)
            select path).FirstOrDefault();

    private static IEnumerable<string> Folders()
        => new[] { Environment.GetEnvironmentVariable(PeersVariable) ?? "" }
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .Concat(["/usr/sbin", "/usr/local/sbin", "/usr/local/bin"])
            .Where(folder => folder.Length > 0);
}
