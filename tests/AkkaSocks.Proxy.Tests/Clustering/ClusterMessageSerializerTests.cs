using System.Runtime.Serialization;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

public sealed class ClusterMessageSerializerTests : TestKit
{
    private static readonly NodeIncarnation A = new("akka://a", -2), B = new("akka://b", 3);
    private static readonly UserName Alice = UserName.FromText("alice"), Bytes = new([0xFF, 0x00]);

    /// <summary>Manifests and bytes that nodes of all versions must read.</summary>
    private static readonly (IClusterMessage Message, string Wire)[] Golden =
    [
        (new AcquireSession(5, Alice, 7, 20, A, [B]), "AS 08051205616C696365180720142A0F0A08616B6B613A2F2F6115FEFFFFFF320F0A08616B6B613A2F2F621503000000"),
        (new SessionDecision(5, AdmissionOutcome.Granted, 9, A, null), "SD 080510011809220F0A08616B6B613A2F2F6115FEFFFFFF"),
        (new SessionDecision(5, AdmissionOutcome.NotOwner, 0, A, B), "SD 08051003220F0A08616B6B613A2F2F6115FEFFFFFF2A0F0A08616B6B613A2F2F621503000000"),
        (new LedgerDelta(B, 3, 4, [new(Alice, 2), new(Bytes, 0)], 8), "LD 0A0F0A08616B6B613A2F2F6215030000001003180422090A05616C696365100222040A02FF002808"),
        (new LedgerSnapshot(B, 4, 1, 2, [new(Alice, 2)], 8), "LS 0A0F0A08616B6B613A2F2F6215030000001004180120022A090A05616C69636510023008"),
        (new LedgerDigest(B, 4, 2, 0xFEDCBA9876543210), "LG 0A0F0A08616B6B613A2F2F62150300000010041802211032547698BADCFE"),
        (new LedgerSnapshotRequest(B), "LR 0A0F0A08616B6B613A2F2F621503000000"),
        (new StrayWatch.ClusterQuestion(B), "CQ 0A0F0A08616B6B613A2F2F621503000000"),
        (new StrayWatch.ClusterAnswer(B, 3, "x", HasAsker: true), "CA 0A0F0A08616B6B613A2F2F62150300000010031A01782001"),
    ];

    private readonly ClusterMessageSerializer _serializer;

    public ClusterMessageSerializerTests() => _serializer = new ClusterMessageSerializer((ExtendedActorSystem)Sys);

    [Fact]
    public void Every_message_is_written_as_it_always_was()
    {
        Assert.Equal(Golden.Select(it => it.Wire), Golden.Select(it => Wire(it.Message)));
    }

    [Fact]
    public void Every_message_is_read_as_it_was_written()
    {
        foreach (var (message, _) in Golden)
        {
            var again = _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));
            Assert.Equal(message.GetType(), again.GetType());
            Assert.Equal(Wire(message), Wire((IClusterMessage)again));
            Assert.Equal(message.ToString(), again.ToString());
        }
    }

    [Fact]
    public void Every_type_that_may_cross_has_a_format()
    {
        var types = typeof(IClusterMessage).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IClusterMessage)) && !type.IsInterface);
        Assert.Equal(types.ToHashSet(), ClusterMessageSerializer.Formats.Select(format => format.Type).ToHashSet());
    }

    [Fact]
    public void No_manifest_stands_for_two_types()
    {
        var manifests = ClusterMessageSerializer.Formats.Select(format => format.Manifest).ToList();
        Assert.Equal(manifests.Count, manifests.Distinct().Count());
    }

    [Theory]
    [InlineData("ZZ")]
    [InlineData("")]
    [InlineData("AkkaSocks.Proxy.Auth.AuthRegistry+Authenticate, AkkaSocks.Proxy")]
    public void A_manifest_that_is_not_known_is_refused(string manifest)
    {
        Assert.Throws<SerializationException>(() => _serializer.FromBinary([], manifest));
    }

    [Fact]
    public void Whatever_bytes_come_they_are_read_or_refused()
    {
        var mutation = Gen.Select(Gen.Int[0, Golden.Length - 1], Gen.Int[0, 999], Gen.Byte, Gen.Int[-3, 0]);
        mutation.Sample(
            (which, at, value, cut) =>
            {
                var bytes = _serializer.ToBinary(Golden[which].Message);
                if (bytes.Length > 0)
                    bytes[at % bytes.Length] = value;
                try
                {
                    return _serializer.FromBinary(bytes[..Math.Max(0, bytes.Length + cut)], _serializer.Manifest(Golden[which].Message)) is IClusterMessage;
                }
                catch (SerializationException)
                {
                    return true;
                }
            },
            iter: 20_000);
    }

    private string Wire(IClusterMessage message) => $"{_serializer.Manifest(message)} {Convert.ToHexString(_serializer.ToBinary(message))}";
}
