using System.Globalization;
using AkkaSocks.Protocol;
using AkkaSocks.Server.Admin.Documents;
using Spectre.Console;

namespace AkkaSocks.Server.Verbs;

/// <summary>What <c>akkasocks top</c> shows at one time.</summary>
/// <param name="Nodes">The nodes.</param>
/// <param name="Sessions">The first sessions of the cluster.</param>
internal sealed record TopFrame(NodeList Nodes, SessionPage Sessions)
{
    private const string Levels = "▁▂▃▄▅▆▇█";
    private const int MostLoops = 16;

    /// <summary>The frame as text, of any height.</summary>
    public string Text(DateTimeOffset now) => $"""
        {Headline(now)}
        {TextTable.Of([["NODE", "STATE", "SESSIONS", "CONN/S", "DOWN/S", "UP/S", "CORES", "MEMORY", "LOOPS"], .. Nodes.Items.Select(Row)])}
        {(Sessions.Items.IsEmpty
            ? "Nobody is connected.\n"
            : TextTable.Of([["SESSION", "USER", "CLIENT", "DESTINATION", "NODE", "DOWN", "UP", "AGE"], .. Sessions.Items.Select(Row)]))}
        """;

    private string Headline(DateTimeOffset now)
    {
        var figures = Nodes.Items.Where(node => node.Figures is not null).Select(node => node.Figures!).ToList();
        var parts = new[]
        {
            Number(Nodes.Items.Length, "node"),
            Number(Sessions.Total, "session"),
            $"{Rate(figures.Sum(it => it.AcceptedPerSecond))} connections/s",
            $"{ByteText.Of(figures.Sum(it => it.DestinationToClientPerSecond))}/s down",
            $"{ByteText.Of(figures.Sum(it => it.ClientToDestinationPerSecond))}/s up",
        };
        return Terminal.Tinted("AkkaSocks", Color.Green) + string.Create(CultureInfo.InvariantCulture, $"  {now:HH:mm:ss}  {string.Join(" · ", parts)}")
            + (Sessions.Silent.IsEmpty ? "" : $"  without {string.Join(", ", Sessions.Silent)}, silent");
    }

    private static string[] Row(NodeDocument node) =>
    [
        node.Name,
        node.IsDraining ? $"{node.State}, draining" : node.State,
        node.Sessions.ToString(CultureInfo.InvariantCulture),
        node.Figures is { } it ? Rate(it.AcceptedPerSecond) : "-",
        node.Figures is { } down ? ByteText.Of(down.DestinationToClientPerSecond) : "-",
        node.Figures is { } up ? ByteText.Of(up.ClientToDestinationPerSecond) : "-",
        node.Figures?.Processors.ToString("0.00", CultureInfo.InvariantCulture) ?? "-",
        node.Figures is { } memory ? ByteText.Of(memory.MemoryBytes) : "-",
        node.Figures is { LoopsBusy: { IsEmpty: false } loops } ? Load(loops) : "-",
    ];

    private static string[] Row(SessionDocument session) =>
    [
        session.Id,
        session.User is { } user ? EscapedText.Of(user) : "-",
        session.Client,
        session.Destination is { } destination ? EscapedText.Of(destination) : session.Stage,
        session.Node,
        ByteText.Of(session.DestinationToClient),
        ByteText.Of(session.ClientToDestination),
        AgeText.Of(session.AgeSeconds),
    ];

    // A bar for each loop, and the busiest in numbers.
    private static string Load(IReadOnlyCollection<double> loops) =>
        string.Concat(loops.Take(MostLoops).Select(busy => Levels[Math.Clamp((int)(busy * Levels.Length), 0, Levels.Length - 1)]))
        + string.Create(CultureInfo.InvariantCulture, $" {loops.Max() * 100:0} %");

    private static string Rate(double rate) => rate.ToString(rate >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);

    private static string Number(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {what}{(count == 1 ? "" : "s")}");
}
