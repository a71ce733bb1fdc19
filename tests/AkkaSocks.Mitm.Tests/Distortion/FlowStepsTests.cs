using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.IO;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaSocks.Mitm.Distortion;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Proxy.Relays;
using CsCheck;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Distortion;

public sealed class FlowStepsTests : IClassFixture<FlowStepsTests.Streams>, IDisposable
{
    private static readonly RawFlowContext Context =
        new("s1", null, "example.test:80", FlowDirection.Up, ImmutableDictionary<string, string>.Empty);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-flows-");
    private readonly ActorMaterializer _materializer;

    public FlowStepsTests(Streams streams) => _materializer = streams.Materializer;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("{ count = on }")]
    [InlineData("{ log = 64B }")]
    [InlineData("{ chunk = 7B }")]
    [InlineData("{ delay { by = 1ms, jitter = 2ms } }")]
    [InlineData("{ throttle = 100MiB/s }")]
    [InlineData("{ count = on }, { chunk = 5B }, { delay { by = 1ms } }, { chunk = 1KiB }")]
    [InlineData("{ own { type = \"AkkaSocks.Mitm.Tests.Distortion.Untouched, AkkaSocks.Mitm.Tests\" } }")]
    public async Task Bytes_and_their_order_stay_the_same(string steps)
    {
        var sent = RandomNumberGenerator.GetBytes(3000);
        byte[][] pieces = [sent[..1], sent[1..1000], [], sent[1000..2999], sent[2999..]];
        Assert.Equal(sent, (await RunAsync(steps, pieces)).SelectMany(piece => piece));
    }

    /// <summary>Of few letters, so that matches cross the borders of pieces.</summary>
    [Fact]
    public async Task What_is_replaced_does_not_depend_on_where_pieces_end()
    {
        await Gen.Select(Gen.Char["ab"].Array[0, 30], Gen.Int[1, 4].Array[1, 20]).SampleAsync(
            async (letters, sizes) =>
            {
                var text = new string(letters);
                var pieces = new List<byte[]>();
                for (var (at, i) = (0, 0); at < text.Length; i++)
                {
                    var size = Math.Min(sizes[i % sizes.Length], text.Length - at);
                    pieces.Add(Encoding.ASCII.GetBytes(text.Substring(at, size)));
                    at += size;
                }

                var replaced = (await RunAsync("{ replace { text = aba, with = x } }", [.. pieces])).SelectMany(piece => piece);
                Assert.Equal(text.Replace("aba", "x", StringComparison.Ordinal), Encoding.ASCII.GetString([.. replaced]));
            },
            iter: 50);
    }

    [Fact]
    public async Task Bytes_are_replaced_by_their_values()
    {
        var output = await RunAsync("{ replace { hex = \"0d0a\", with-hex = \"\" } }", [[1, 13], [10, 2, 10, 13]]);
        Assert.Equal([1, 2, 10, 13], output.SelectMany(piece => piece));
    }

    [Fact]
    public async Task Pieces_are_no_longer_than_asked_for() =>
        Assert.Equal([3, 3, 1, 2], (await RunAsync("{ chunk = 3B }", [new byte[7], new byte[2]])).Select(piece => piece.Length));

    [Fact]
    public async Task Some_bytes_are_corrupted_by_one_bit_and_not_all()
    {
        var output = (await RunAsync("{ corrupt = 0.1 }", [new byte[10_000]])).Single();
        Assert.InRange(output.Count(it => it != 0), 500, 2000);
        Assert.All(output, it => Assert.True(it == 0 || byte.IsPow2(it)));
    }

    [Theory]
    [InlineData(5, "ab", "cde", "fg")]
    [InlineData(4, "ab", "cde", "fg")]
    [InlineData(0, "ab", "cde", "fg")]
    public async Task Tunnel_is_cut_behind_so_many_bytes(int bytes, params string[] pieces)
    {
        var passed = new List<byte>();
        await Assert.ThrowsAsync<FlowCutException>(() => Source.From(pieces.Select(piece => ByteString.FromString(piece)))
            .Via(Flow($"{{ drop-after = {bytes}B }}"))
            .RunForeach(piece => passed.AddRange(piece.ToArray()), _materializer)
            .InTime());
        Assert.Equal(string.Concat(pieces)[..bytes], Encoding.ASCII.GetString([.. passed]));
    }

    [Fact]
    public async Task A_stream_that_is_not_too_long_is_not_cut() =>
        Assert.Equal(5, (await RunAsync("{ drop-after = 5B }", [new byte[5]])).Sum(piece => piece.Length));

    /// <summary>Lower bounds on time, which a busy machine only makes longer.</summary>
    [Theory]
    [InlineData("{ delay { by = 150ms } }", 150)]
    [InlineData("{ throttle = 1000B/s }", 150)]
    public async Task Time_is_taken(string steps, int milliseconds)
    {
        var since = Stopwatch.StartNew();
        Assert.Equal(250, (await RunAsync(steps, [new byte[250]])).Sum(piece => piece.Length));
        Assert.True(since.ElapsedMilliseconds >= milliseconds, $"{since.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task All_bytes_are_recorded_and_a_disk_that_fails_ends_nothing()
    {
        var output = await RunAsync($"{{ record = \"{_folder.FullName}\" }}", ["one"u8.ToArray(), "two"u8.ToArray()]);
        Assert.Equal("onetwo", Encoding.ASCII.GetString([.. output.SelectMany(piece => piece)]));
        Assert.Equal("onetwo", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "s1.up")));

        // The file is there already, and not written over.
        Assert.Single(await RunAsync($"{{ record = \"{_folder.FullName}\" }}", ["three"u8.ToArray()]));
        Assert.Equal("onetwo", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "s1.up")));
    }

    [Theory]
    [InlineData("No.Such.Type, AkkaSocks.Mitm.Tests")]
    [InlineData("No.Such.Type, No.Such.Assembly")]
    [InlineData("No.Such.Type, /nowhere/At.dll")]
    [InlineData("Without.Assembly")]
    [InlineData("AkkaSocks.Mitm.Tests.Distortion.FlowStepsTests, AkkaSocks.Mitm.Tests")]
    public void A_type_that_cannot_be_had_refuses_the_start(string type)
    {
        var refused = Assert.Throws<ExtensionUnavailableException>(() => Flow($"{{ own {{ type = \"{type}\" }} }}"));
        Assert.StartsWith("mitm.raw-flows: cannot use ", refused.Message);
    }

    /// <summary>An actor system for all of them: each costs the better part of a second.</summary>
    public sealed class Streams : IAsyncLifetime
    {
        private readonly ActorSystem _system = ActorSystem.Create("flows", "akka.loglevel = WARNING, akka.stdout-loglevel = OFF");

        public ActorMaterializer Materializer { get; private set; } = null!;

        public Task InitializeAsync()
        {
            Materializer = _system.Materializer();
            return Task.CompletedTask;
        }

        public Task DisposeAsync() => _system.Terminate();
    }

    private Flow<ByteString, ByteString, Akka.NotUsed> Flow(string steps)
    {
        var settings = Policies.SettingsOf($"raw-flows = [{{ name = a, up = [{steps}] }}]").RawFlows.Single();
        var flow = Akka.Streams.Dsl.Flow.Create<ByteString>();
        foreach (var step in new FlowSteps(() => NoLogger.Instance).Of(settings.Up))
            flow = flow.Via(step(Context));
        return flow;
    }

    private async Task<IEnumerable<byte[]>> RunAsync(string steps, byte[][] pieces) =>
        (await Source.From(pieces.Select(ByteString.FromBytes)).Via(Flow(steps)).RunWith(Sink.Seq<ByteString>(), _materializer).InTime())
        .Select(piece => piece.ToArray());
}

/// <summary>As somebody else would write one.</summary>
public sealed class Untouched : IRawFlowFactory
{
    public Flow<ByteString, ByteString, Akka.NotUsed> Create(RawFlowContext context) =>
        Flow.Create<ByteString>().Select(bytes => bytes);
}
