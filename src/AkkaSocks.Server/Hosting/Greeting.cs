using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Server.Hosting;

/// <summary>The lines of a start: where it listens, something to try, and where it is managed.</summary>
internal static class Greeting
{
    private static readonly ImmutableArray<string> Warned =
        ["akkasocks.mitm.enabled", "akkasocks.mitm.scope", "akkasocks.mitm.raw-flows", "akkasocks.mitm.datagrams"];

    /// <summary>Where it listens.</summary>
    public static string Listening(IReadOnlyList<(string Name, IPEndPoint Bound)> endpoints) =>
        "akkasocks listens on " + string.Join(", ", endpoints.Select(endpoint => $"{endpoint.Bound} ({endpoint.Name})"));

    /// <summary>A command that goes through a listener.</summary>
    public static string Example(IPEndPoint endpoint, ListenerSettings listener, ImmutableArray<AcceptedMethod> methods)
    {
        var credentials = methods.Contains(AcceptedMethod.None) ? "" : "user:password@";

        // curl speaks no TLS to a SOCKS proxy.
        return listener.Tls is { Mode: TlsMode.Required }
            ? $"socat TCP-LISTEN:1081,bind=127.0.0.1,fork OPENSSL:{Reachable(endpoint)},verify=0 & curl -x socks5h://{credentials}127.0.0.1:1081 https://example.com/"
            : $"curl -x socks5h://{credentials}{Reachable(endpoint)} https://example.com/";
    }

    /// <summary>Where the admin API is, and what keeps it from being of use.</summary>
    public static string Admin(IPEndPoint endpoint, bool hasToken) =>
        $"admin API on http://{endpoint}" + (hasToken ? "" : " (health only: set AKKASOCKS_ADMIN_TOKEN for the rest)");

    /// <summary>Whose traffic is looked into, and what is done to bytes that nobody looks into: nobody shall run that without knowing.
    /// </summary>
    public static IEnumerable<string> Warnings(MitmSettings settings)
    {
        if (settings.Enabled)
            yield return Interception(settings.Scope);
        if (settings is { Enabled: true, KeyLog.Length: > 0 })
        {
            yield return $"akkasocks: WARNING: the secrets of intercepted TLS are written to {settings.KeyLog}:"
                + " whoever has that file can read what passes, and what has passed.";
        }

        string[] flows = [.. settings.Exchanges.RawFlows.Concat(settings.Exchanges.Datagrams).Select(flow => flow.Name)];
        if (flows.Length > 0)
            yield return $"akkasocks: WARNING: distortion is on: bytes of tunnels and datagrams are changed by {string.Join(", ", flows)}.";
    }

    /// <summary>The same of a reload that has changed it.</summary>
    public static IEnumerable<string> Warnings(SettingsChange change) => Warned.Any(change.Touches)
        ? Warnings(change.Effective.Proxy.Mitm)
        : [];

    private static string Interception(MitmScopeSettings scope) =>
        $"akkasocks: WARNING: interception is on: HTTP and TLS to {string.Join(", ", scope.Include.Select(host => host.Text))} is opened"
        + $" (users {string.Join(", ", scope.Users)}; ports {string.Join(", ", scope.Ports.Select(Ports))})."
        + " Only for traffic of people who know and agree.";

    private static string Ports(PortRange range) => range.Count == 1 ? $"{range.First}" : $"{range.First}-{range.Last}";

    // Nobody can connect to the wildcard address by its name; from here, loopback is part of it.
    private static IPEndPoint Reachable(IPEndPoint endpoint) =>
        endpoint.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, endpoint.Port)
        : endpoint.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, endpoint.Port)
        : endpoint;
}
