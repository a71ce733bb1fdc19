using System.Collections.Immutable;
using Akka;
using Akka.IO;
using Akka.Streams.Dsl;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>One of <c>mitm.raw-flows</c>, ready to be used by many tunnels.</summary>
internal sealed class CompiledFlows(RawFlowSettings settings, FlowSteps steps)
{
    private static readonly ImmutableDictionary<string, string> NoArguments = ImmutableDictionary<string, string>.Empty;

    private readonly ImmutableArray<Glob> _hosts = Glob.Of(settings.Match.Hosts, ignoreCase: true);
    private readonly ImmutableArray<Glob> _users = Glob.Of(settings.Match.Users, ignoreCase: false);
    private readonly ImmutableArray<Func<RawFlowContext, Flow<ByteString, ByteString, NotUsed>>>
        _up = steps.Of(settings.Up), _down = steps.Of(settings.Down);

    /// <summary>It is about a tunnel.</summary>
    /// <param name="host">What the client asks for, a name or an address.</param>
    /// <param name="serverName">What TLS asks for; null where that is not known.</param>
    /// <param name="port">The destination's.</param>
    /// <param name="user">Who has logged in; null when nobody had to.</param>
    public bool Matches(string host, string? serverName, int port, string? user) =>
        (Fits(_hosts, host) || (serverName is not null && Fits(_hosts, serverName)))
        && (settings.Match.Ports.IsEmpty || settings.Match.Ports.Contains(port))
        && Fits(_users, user);

    /// <summary>The flows of one tunnel.</summary>
    public ByteFlows Of(string session, string? user, string destination) =>
        new(
            Direction(_up, new RawFlowContext(session, user, destination, FlowDirection.Up, NoArguments)),
            Direction(_down, new RawFlowContext(session, user, destination, FlowDirection.Down, NoArguments)));

    private static bool Fits(ImmutableArray<Glob> globs, string? text) =>
        globs.IsEmpty || (text is not null && globs.Any(glob => glob.IsMatch(text)));

    private static Flow<ByteString, ByteString, NotUsed>? Direction(
        ImmutableArray<Func<RawFlowContext, Flow<ByteString, ByteString, NotUsed>>> steps, RawFlowContext context)
    {
        if (steps.IsEmpty)
            return null;
        var bytes = Flow.Create<ByteString>();
        foreach (var step in steps)
            bytes = bytes.Via(step(context));
        return bytes;
    }
}
