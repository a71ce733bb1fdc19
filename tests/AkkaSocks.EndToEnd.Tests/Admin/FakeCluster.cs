using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.EndToEnd.Tests.Admin;

/// <summary>What the registry of a cluster would answer, told by the test.</summary>
internal sealed class FakeCluster
{
    public ImmutableList<AuthRegistry.NodeStatus> Nodes { get; set; } =
    [
        new("n1", "127.0.0.2:4053", "up", IsSelf: true, IsDraining: false, 3),
        new("n2", "127.0.0.3:4053", "leaving", IsSelf: false, IsDraining: true, 12),
    ];

    public ImmutableSortedDictionary<ulong, AuthRegistry.SessionView> Sessions { get; set; } =
        ImmutableSortedDictionary<ulong, AuthRegistry.SessionView>.Empty;

    public LoginGuard Guard { get; } = new(
        new BanSettings
        {
            Window = TimeSpan.FromMinutes(5),
            FailuresPerUserAtAddress = 1,
            FailuresPerAddress = null,
            FailuresPerUser = null,
            Duration = TimeSpan.FromMinutes(5),
            KnownAddressTtl = TimeSpan.FromDays(1),
            Exempt = [],
            MaxEntries = 1000,
        },
        TimeProvider.System);

    /// <summary>Set: no question is answered.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Why the store writes nothing; null when it does.</summary>
    public string? StoreProblem { get; set; }

    public void Add(AuthRegistry.SessionView session) => Sessions = Sessions.Add(session.Id.Value, session);
}
