using System.Collections.Immutable;
using System.Text;
using Akka;
using Akka.Event;
using Akka.IO;
using Akka.Streams.Dsl;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Settings.Exchanges;
using Chunk = AkkaSocks.Proxy.Relays.Chunk;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>What the operator has tunnels' bytes go through.</summary>
internal sealed class RawFlows : IDistortion
{
    private readonly ImmutableArray<Compiled> _flows;
    private readonly ImmutableArray<RawFlowSettings> _datagrams;

    /// <summary>Makes the settings ready.</summary>
    /// <param name="settings">For tunnels.</param>
    /// <param name="datagrams">For datagrams.</param>
    /// <param name="log">Where flows tell what they saw; set before the first tunnel.</param>
    /// <exception cref="ExtensionUnavailableException">A flow of somebody else's making cannot be had.</exception>
    public RawFlows(ImmutableArray<RawFlowSettings> settings, ImmutableArray<RawFlowSettings> datagrams, ILoggingAdapter log)
    {
        var steps = new FlowSteps(log);
        _flows = [.. settings.Select(flow => new Compiled(flow, steps))];
        _datagrams = datagrams;
        foreach (var own in datagrams.SelectMany(flow => flow.Up.Concat(flow.Down)).OfType<RawFlowStep.Own>())
            ExtensionTypes.Create<IDatagramInspector>(own.Type, "mitm.datagrams");
    }

    /// <inheritdoc/>
    public RelayFlows? Of(string session, UserName? user, Destination destination)
    {
        var host = destination.HostName ?? destination.Address!.ToString();
        var name = NameOf(user);
        foreach (var flow in _flows)
        {
            if (flow.Matches(host, destination.Port, name))
                return flow.Of(session, user?.ToString(), destination.ToString());
        }

        return null;
    }

    /// <inheritdoc/>
    public IDatagramFlow? OfDatagrams(string session, UserName? user) => DatagramFlow.Of(_datagrams, NameOf(user));

    private static string? NameOf(UserName? user) => user is { } known ? Encoding.UTF8.GetString(known.Bytes) : null;

    private sealed class Compiled(RawFlowSettings settings, FlowSteps steps)
    {
        private static readonly ImmutableDictionary<string, string> NoArguments = ImmutableDictionary<string, string>.Empty;

        private readonly ImmutableArray<Glob> _hosts = Glob.Of(settings.Match.Hosts, ignoreCase: true);
        private readonly ImmutableArray<Glob> _users = Glob.Of(settings.Match.Users, ignoreCase: false);
        private readonly ImmutableArray<Func<RawFlowContext, Flow<ByteString, ByteString, NotUsed>>>
            _up = steps.Of(settings.Up), _down = steps.Of(settings.Down);

        public bool Matches(string host, int port, string? user) => Fits(_hosts, host)
            && (settings.Match.Ports.IsEmpty || settings.Match.Ports.Contains(port))
            && Fits(_users, user);

        public RelayFlows Of(string session, string? user, string destination) =>
            new(
                Direction(_up, new RawFlowContext(session, user, destination, FlowDirection.Up, NoArguments)),
                Direction(_down, new RawFlowContext(session, user, destination, FlowDirection.Down, NoArguments)));

        private static bool Fits(ImmutableArray<Glob> globs, string? text) =>
            globs.IsEmpty || (text is not null && globs.Any(glob => glob.IsMatch(text)));

        private static Flow<Chunk, Chunk, NotUsed>? Direction(
            ImmutableArray<Func<RawFlowContext, Flow<ByteString, ByteString, NotUsed>>> steps, RawFlowContext context)
        {
            if (steps.IsEmpty)
                return null;
            var bytes = Flow.Create<Chunk>().Select(Take);
            foreach (var step in steps)
                bytes = bytes.Via(step(context));
            return bytes.SelectMany(Give);
        }

        private static ByteString Take(Chunk chunk)
        {
            var bytes = ByteString.FromBytes(chunk.Bytes.ToArray());
            chunk.Return();
            return bytes;
        }

        private static IEnumerable<Chunk> Give(ByteString bytes)
        {
            for (var at = 0; at < bytes.Count; at += Chunk.Capacity)
                yield return Chunk.Of(bytes.Slice(at, Math.Min(Chunk.Capacity, bytes.Count - at)).ToArray());
        }
    }
}
