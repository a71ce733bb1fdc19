namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>Who is measured beside AkkaSocks.</summary>
internal static class Subjects
{
    /// <summary>All that this benchmark knows, found or not.</summary>
    public static IReadOnlyList<Subject> Others { get; } =
    [
        new Microsocks(), new Dante(), new GoSocks5(), new HevSocks5Server(),
        new ThreeProxy(), new V2Ray(), new OpenSsh(), new HaProxy(), new NginxStream(),
    ];
}
