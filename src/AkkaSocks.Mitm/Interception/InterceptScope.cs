using System.Collections.Frozen;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Mitm.Interception;

/// <summary>A part of <c>mitm.scope</c>, as its key is called.</summary>
internal enum ScopePart
{
    /// <summary>The user.</summary>
    Users,

    /// <summary>The port of the destination.</summary>
    Ports,

    /// <summary>Destinations that are not in scope, whatever else is said.</summary>
    Exclude,

    /// <summary>Destinations that are.</summary>
    Include,
}

/// <summary>Decides whose tunnels are looked into. It remembers nothing, and touches nothing.</summary>
internal sealed class InterceptScope
{
    private const string Everybody = "*";

    private readonly MitmScopeSettings _settings;
    private readonly FrozenSet<UserName> _users;
    private readonly bool _isForEverybody, _goesByName;

    /// <summary>The scope of <c>mitm.scope</c>.</summary>
    public InterceptScope(MitmScopeSettings settings)
    {
        _settings = settings;
        _isForEverybody = settings.Users.Contains(Everybody);
        _users = settings.Users.Where(name => name != Everybody).Select(UserName.FromText).ToFrozenSet();
        _goesByName = settings.Include.Any(pattern => pattern.IsOfNames);
    }

    /// <summary>What the request says: whether the tunnel is in scope, or may be once its name is known.</summary>
    public bool MayInclude(Destination destination, UserName? user) => KeepsOut(destination, user) is null;

    /// <summary>What keeps a tunnel out by what its request says; null where it is in scope, or may be once its name is known.</summary>
    public ScopePart? KeepsOut(Destination destination, UserName? user) =>
        !_isForEverybody && !(user is { } name && _users.Contains(name)) ? ScopePart.Users
        : !_settings.Ports.Any(range => destination.Port >= range.First && destination.Port <= range.Last) ? ScopePart.Ports
        : Excludes(destination, null) ? ScopePart.Exclude
        : Includes(destination, null) || (destination.Address is not null && _goesByName) ? null
        : ScopePart.Include;

    /// <summary>What the tunnel says.</summary>
    /// <param name="destination">What the client asked for.</param>
    /// <param name="serverName">The name that TLS asked for; null where none was.</param>
    public bool Includes(Destination destination, string? serverName) =>
        !Excludes(destination, serverName)
        && (Covers(_settings.Include, destination.HostName, destination)
            || (destination.HostName is null && serverName is not null && Covers(_settings.Include, serverName, destination)));

    private bool Excludes(Destination destination, string? serverName) =>
        Covers(_settings.Exclude, destination.HostName, destination)
        || (serverName is not null && Covers(_settings.Exclude, serverName, destination));

    private static bool Covers(IEnumerable<HostPattern> patterns, string? name, Destination destination) =>
        patterns.Any(pattern => pattern.Covers(name, destination.Address));
}
