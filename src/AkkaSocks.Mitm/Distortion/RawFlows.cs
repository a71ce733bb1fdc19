using System.Collections.Immutable;
using System.Text;
using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.IO;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Settings.Exchanges;
using AkkaSocks.Proxy.Telemetry;
using Chunk = AkkaSocks.Proxy.Relays.Chunk;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>
/// What the operator has tunnels' bytes go through, and datagrams. A tunnel, or an association, goes by what holds when it begins.
/// </summary>
internal sealed class RawFlows : IDistortion
{
    private readonly FlowSteps _steps;
    private ILoggingAdapter _log = NoLogger.Instance;
    private IMaterializer? _materializer;
    private Held _held = new([], []);

    /// <summary>Makes the settings ready.</summary>
    /// <exception cref="ExtensionUnavailableException">A flow of somebody else's making cannot be had.</exception>
    public RawFlows(ExchangeSettings settings)
    {
        _steps = new FlowSteps(() => _log);
        Prepare(settings)();
    }

    private sealed record Held(ImmutableArray<CompiledFlows> Flows, ImmutableArray<RawFlowSettings> Datagrams);

    /// <summary>Runs flows that no relay runs.</summary>
    public IMaterializer Materializer => _materializer ?? throw new InvalidOperationException("There is no actor system yet.");

    /// <summary>Says where flows run and tell what they saw: before the first tunnel.</summary>
    public void Open(ActorSystem system)
    {
        _log = Logging.GetLogger(system, typeof(RawFlows));
        _materializer = ActorMaterializer.Create(system);
    }

    /// <summary>Makes other settings ready.</summary>
    /// <returns>Has what begins from then on go by them; cannot fail.</returns>
    /// <exception cref="ExtensionUnavailableException">A flow of somebody else's making cannot be had.</exception>
    public Action Prepare(ExchangeSettings settings)
    {
        foreach (var own in settings.Datagrams.SelectMany(flow => flow.Up.Concat(flow.Down)).OfType<RawFlowStep.Own>())
            ExtensionTypes.Create<IDatagramInspector>(own.Type, "mitm.datagrams");
        var held = new Held([.. settings.RawFlows.Select(flow => new CompiledFlows(flow, _steps))], settings.Datagrams);
        return () => Volatile.Write(ref _held, held);
    }

    /// <summary>What is done to the bytes of a tunnel.</summary>
    /// <param name="session">The session's name.</param>
    /// <param name="user">Who has logged in, if anybody had to.</param>
    /// <param name="destination">What the client asked for.</param>
    /// <param name="serverName">What TLS asks for; null where that is not known.</param>
    /// <returns>Null for nothing.</returns>
    public ByteFlows? Of(string session, UserName? user, Destination destination, string? serverName)
    {
        var flows = Volatile.Read(ref _held).Flows;
        if (flows.IsEmpty)
            return null;
        var host = destination.HostName ?? destination.Address!.ToString();
        var name = NameOf(user);
        foreach (var flow in flows)
        {
            if (flow.Matches(host, serverName, destination.Port, name))
                return flow.Of(session, user?.ToString(), destination.ToString());
        }

        return null;
    }

    /// <inheritdoc/>
    public RelayFlows? Of(SessionId session, UserName? user, Destination destination, string? serverName) =>
        !Volatile.Read(ref _held).Flows.IsEmpty && Of(session.ToString(), user, destination, serverName) is { } flows
            ? new RelayFlows(OfChunks(flows.Up), OfChunks(flows.Down))
            : null;

    /// <inheritdoc/>
    public IDatagramFlow? OfDatagrams(SessionId session, UserName? user) =>
        Volatile.Read(ref _held).Datagrams is { IsEmpty: false } datagrams ? DatagramFlow.Of(datagrams, NameOf(user)) : null;

    private static string? NameOf(UserName? user) => user is { } known ? Encoding.UTF8.GetString(known.Bytes) : null;

    private static Flow<Chunk, Chunk, NotUsed>? OfChunks(Flow<ByteString, ByteString, NotUsed>? flow) =>
        flow is null ? null : Flow.Create<Chunk>().Select(Take).Via(flow).SelectMany(Give);

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
