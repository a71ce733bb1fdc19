using System.Buffers;
using System.Collections.Immutable;
using AkkaSocks.Mitm.Bodies;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Mitm.Distortion;

/// <summary>What the datagrams of one association go through: of the settings that match the association, those that match the datagram
/// first.</summary>
internal sealed class DatagramFlow : IDatagramFlow
{
    private readonly ImmutableArray<Compiled> _flows;
    private readonly Random _random = new();

    private DatagramFlow(ImmutableArray<Compiled> flows) => _flows = flows;

    /// <summary>The flow of an association.</summary>
    /// <param name="settings">All there are.</param>
    /// <param name="user">Who has logged in; null when nobody had to.</param>
    /// <returns>Null when none can match.</returns>
    public static DatagramFlow? Of(ImmutableArray<RawFlowSettings> settings, string? user)
    {
        var flows = settings.Where(flow => flow.Match.Users.IsEmpty
                || (user is not null && Glob.Of(flow.Match.Users, ignoreCase: false).Any(glob => glob.IsMatch(user))))
            .Select(flow => new Compiled(flow))
            .ToImmutableArray();
        return flows.IsEmpty ? null : new DatagramFlow(flows);
    }

    /// <inheritdoc/>
    public int Pass(bool up, DatagramAddress other, Span<byte> room, int length)
    {
        foreach (var flow in _flows)
        {
            if (!flow.Matches(other))
                continue;
            foreach (var step in up ? flow.Up : flow.Down)
            {
                length = step(other, room, length, _random);
                if (length < 0)
                    break;
            }

            return length;
        }

        return length;
    }

    private delegate int Step(DatagramAddress other, Span<byte> room, int length, Random random);

    private sealed class Compiled(RawFlowSettings settings)
    {
        private readonly ImmutableArray<Glob> _hosts = Glob.Of(settings.Match.Hosts, ignoreCase: true);

        public ImmutableArray<Step> Up { get; } = [.. settings.Up.Select(step => StepOf(step, FlowDirection.Up))];

        public ImmutableArray<Step> Down { get; } = [.. settings.Down.Select(step => StepOf(step, FlowDirection.Down))];

        public bool Matches(DatagramAddress other)
        {
            if (!settings.Match.Ports.IsEmpty && !settings.Match.Ports.Contains(other.Port))
                return false;
            if (_hosts.IsEmpty)
                return true;
            var host = other.ToEndPoint().Address.ToString();
            return _hosts.Any(glob => glob.IsMatch(host));
        }
    }

    private static Step StepOf(RawFlowStep step, FlowDirection direction) => step switch
    {
        RawFlowStep.Lose lose => (_, _, length, random) => random.NextDouble() < lose.Probability ? -1 : length,
        RawFlowStep.Corrupt corrupt => (_, room, length, random) => Corrupt(room[..length], corrupt.Probability, random),
        RawFlowStep.Replace replace => (_, room, length, _) => Replace(room, length, replace),
        RawFlowStep.Own own => Own(ExtensionTypes.Create<IDatagramInspector>(own.Type, "mitm.datagrams"), direction),
        _ => throw new InvalidOperationException($"No step of datagrams: {step}."),
    };

    private static Step Own(IDatagramInspector inspector, FlowDirection direction) =>
        (other, room, length, _) => inspector.Inspect(direction, other.ToEndPoint(), room, length);

    private static int Corrupt(Span<byte> bytes, double probability, Random random)
    {
        foreach (ref var octet in bytes)
        {
            if (random.NextDouble() < probability)
                octet ^= (byte)(1 << random.Next(8));
        }

        return bytes.Length;
    }

    /// <summary>What would be longer than its room stays as it is.</summary>
    private static int Replace(Span<byte> room, int length, RawFlowStep.Replace replace)
    {
        if (room[..length].IndexOf(replace.From.Span) < 0)
            return length;
        var output = new ArrayBufferWriter<byte>();
        var replacer = new ByteReplacer(replace.From.Span, replace.With.Span);
        replacer.Write(room[..length], output);
        replacer.Finish(output);
        return output.WrittenSpan.TryCopyTo(room) ? output.WrittenCount : length;
    }
}
