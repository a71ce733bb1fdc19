using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings.Exchanges;

/// <summary>One of <c>mitm.raw-flows</c> or <c>mitm.datagrams</c>: what is done to the bytes of tunnels, or to datagrams, whatever they
/// mean. Of several that match the first is taken.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Match">Which tunnels it is about.</param>
/// <param name="Up">From the client to the destination, one after the other.</param>
/// <param name="Down">From the destination to the client.</param>
internal sealed record RawFlowSettings(
    string Name, RawFlowMatch Match, ImmutableArray<RawFlowStep> Up, ImmutableArray<RawFlowStep> Down);

/// <summary><c>match</c>: all that is given must fit; of a list, one.</summary>
/// <param name="Hosts">Globs of destinations as clients name them: names, or addresses.</param>
/// <param name="Ports">Ports of destinations; empty for any.</param>
/// <param name="Users">Globs of user names; empty for anybody, whether logged in or not.</param>
internal sealed record RawFlowMatch(ImmutableArray<string> Hosts, ImmutableArray<int> Ports, ImmutableArray<string> Users);

/// <summary>One thing that is done.</summary>
internal abstract record RawFlowStep
{
    private RawFlowStep()
    {
    }

    /// <summary><c>count = on</c>: bytes and pieces, told in the process log when the direction ends.</summary>
    internal sealed record Count : RawFlowStep;

    /// <summary><c>log = 64B</c>: the first bytes in the process log, as hexadecimal digits.</summary>
    internal sealed record Log(int Bytes) : RawFlowStep;

    /// <summary><c>throttle = 64KiB/s</c>.</summary>
    internal sealed record Throttle(int BytesPerSecond) : RawFlowStep;

    /// <summary><c>delay { by = 100ms, jitter = 50ms }</c>: each piece later by that, and at random by up to the jitter more.</summary>
    internal sealed record Delay(TimeSpan By, TimeSpan Jitter) : RawFlowStep;

    /// <summary><c>chunk = 16B</c>: pieces of at most so many bytes, each sent by itself.</summary>
    internal sealed record Chunk(int MaxBytes) : RawFlowStep;

    /// <summary><c>corrupt = 0.001</c>: each byte loses one bit's value with this probability.</summary>
    internal sealed record Corrupt(double Probability) : RawFlowStep;

    /// <summary><c>lose = 0.1</c>, of datagrams: each is kept with this probability.</summary>
    internal sealed record Lose(double Probability) : RawFlowStep;

    /// <summary><c>drop-after = 1MiB</c>: the tunnel is reset when so many bytes have passed.</summary>
    internal sealed record DropAfter(int Bytes) : RawFlowStep;

    /// <summary><c>replace { text, with }</c> or <c>replace { hex, with-hex }</c>, across the borders of pieces.</summary>
    internal sealed record Replace(ReadOnlyMemory<byte> From, ReadOnlyMemory<byte> With) : RawFlowStep;

    /// <summary><c>record = "/directory"</c>: all bytes into a file of their own.</summary>
    internal sealed record Record(string Directory) : RawFlowStep;

    /// <summary><c>own { type, args { } }</c>: a flow of somebody else's making.</summary>
    internal sealed record Own(string Type, ImmutableArray<KeyValuePair<string, string>> Arguments) : RawFlowStep;
}
