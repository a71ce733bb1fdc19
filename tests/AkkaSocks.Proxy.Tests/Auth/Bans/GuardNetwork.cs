using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;

namespace AkkaSocks.Proxy.Tests.Auth.Bans;

/// <summary>Guards of several nodes whose clocks differ, and a network that delivers what the test picks, when and as often as it
/// likes, or never.</summary>
internal sealed class GuardNetwork
{
    public const int Nodes = 3;

    public static readonly BanSettings Settings = TestSettings.Default.Auth.Bans with
    {
        Window = TimeSpan.FromHours(1),
        FailuresPerUserAtAddress = 4,
        FailuresPerAddress = 6,
        FailuresPerUser = 8,
        Duration = TimeSpan.FromSeconds(30),
        MaxEntries = 8,
    };

    private readonly ManualClock[] _clocks = [.. Enumerable.Range(0, Nodes).Select(_ => new ManualClock())];
    private readonly LoginGuard[] _guards;
    private readonly List<(int To, IClusterMessage Message)> _underway = [];

    public GuardNetwork()
    {
        for (var node = 0; node < Nodes; node++)
            _clocks[node].Advance(TimeSpan.FromDays(node));
        _guards = [.. _clocks.Select(clock => new LoginGuard(Settings, clock))];
    }

    public IReadOnlyList<LoginGuard> Guards => _guards;

    /// <summary>Failures of each login so far.</summary>
    public Dictionary<LoginOrigin, int> Failures { get; } = [];

    /// <summary>An operator has banned somebody.</summary>
    public bool OperatorActed { get; private set; }

    public static LoginOrigin Login(int user, int host) =>
        new(UserName.FromText($"user-{user}"), ClientNetwork.Of(new IPAddress([10, 0, 0, (byte)host])));

    /// <summary>One step: what it does and with what follows from three numbers.</summary>
    public void Step(int action, int a, int b)
    {
        var (guard, login) = (_guards[a % Nodes], Login(b % 3, b / 3 % 3));
        switch (action)
        {
            case 0 or 1 or 2:
                guard.Failed(login);
                Failures[login] = Failures.GetValueOrDefault(login) + 1;
                break;
            case 3:
                OperatorActed = true;
                guard.Impose(b % 2 == 0 ? BanTarget.Of(login.Network) : BanTarget.Of(login.User), TimeSpan.FromSeconds(1 + (b % 60)), "why");
                break;
            case 4 when guard.Bans() is { Length: > 0 } bans:
                guard.Lift(bans[b % bans.Length].Version);
                break;
            case 5 or 6:
                Tell(a % Nodes);
                break;
            case 7:
                Digest(a % Nodes);
                break;
            case 8:
                foreach (var clock in _clocks)
                    clock.Advance(TimeSpan.FromMilliseconds(b));
                break;
            case 9 when _underway.Count > 0:
                _underway.RemoveAt(a % _underway.Count);
                break;
            case 10 when _underway.Count > 0:
                Deliver(_underway[a % _underway.Count]);
                break;
            case > 10 when _underway.Count > 0:
                var picked = a % _underway.Count;
                var one = _underway[picked];
                _underway.RemoveAt(picked);
                Deliver(one);
                break;
        }
    }

    /// <summary>The network is well again and nothing new happens.</summary>
    public void BeQuiet()
    {
        for (var round = 0; round < 4; round++)
        {
            for (var node = 0; node < Nodes; node++)
            {
                Tell(node);
                Digest(node);
            }

            while (_underway.Count > 0)
            {
                var one = _underway[0];
                _underway.RemoveAt(0);
                Deliver(one);
            }
        }
    }

    private void Tell(int node)
    {
        var news = _guards[node].TakeNews();
        if (news.Bans.Length > 0)
            Broadcast(node, new BansChanged(Node(node), news.Bans));
        if (news.Failures.Length > 0)
            Broadcast(node, new LoginsFailed(Node(node), news.FirstFailure, news.Failures));
    }

    private void Digest(int node)
    {
        var (count, hash) = _guards[node].Digest();
        Broadcast(node, new BanDigest(Node(node), count, hash));
    }

    private void Broadcast(int from, IClusterMessage message)
    {
        for (var to = 0; to < Nodes; to++)
        {
            if (to != from)
                _underway.Add((to, message));
        }
    }

    private void Deliver((int To, IClusterMessage Message) one)
    {
        var guard = _guards[one.To];
        switch (one.Message)
        {
            case BansChanged changed:
                guard.Receive(changed);
                break;
            case LoginsFailed failed:
                guard.Receive(failed);
                break;
            case BanDigest digest when (digest.Count, digest.Hash) != guard.Digest():
                _underway.Add((digest.Node.Uid, new BanRequest(Node(one.To))));
                break;
            case BanRequest request:
                _underway.Add((request.Receiver.Uid, new BansChanged(Node(one.To), guard.Bans())));
                break;
        }
    }

    private static NodeIncarnation Node(int index) => new("node", index);
}
