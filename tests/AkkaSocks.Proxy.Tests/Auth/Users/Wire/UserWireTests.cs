using System.Collections.Immutable;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Wire;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Settings;
using CsCheck;
using Google.Protobuf;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Users.Wire;

public sealed class UserWireTests
{
    private static readonly UserRecord Alice = new()
    {
        Name = UserName.FromText("alice"), Password = "$x", Enabled = false, MaxSessions = 0,
        ExpiresAt = DateTimeOffset.UnixEpoch.AddMilliseconds(300), Groups = ["g"],
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("k", "v"), Revision = 0x0102, Writer = "n1",
    };

    // Written down by hand from users.proto, so that no change of it can go unseen: nodes of two versions must understand each
    // other.
    private const string AliceBytes =
        "0A05616C696365" + "12022478" + "2000" + "28AC02" + "320167" + "3A060A016B120176" + "410201000000000000" + "4A026E31";

    public static TheoryData<string, string> Golden => new()
    {
        { "user-changed", "0A28" + AliceBytes },
        { "user-bucket-request", "080712" + "05616C696365" },
        { "user-bucket-page", "08071228" + AliceBytes + "1801" },
        { "user-digests", "0A8010" + string.Concat(Enumerable.Repeat("0100000000000000", 256)) + "1001" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Messages_are_the_bytes_they_have_always_been(string manifest, string bytes)
    {
        IClusterMessage message = manifest switch
        {
            "user-changed" => new UserStoreActor.UserChanged(Alice),
            "user-bucket-request" => new UserStoreActor.BucketRequest(7, Alice.Name),
            "user-bucket-page" => new UserStoreActor.BucketPage(7, [Alice], IsLast: true),
            _ => new UserStoreActor.UserDigests([.. Enumerable.Repeat(1UL, 256)], IsAnswer: true),
        };
        Assert.Equal(manifest, ClusterMessageSerializer.Formats.Single(format => format.Type == message.GetType()).Manifest);
        Assert.Equal(bytes, Convert.ToHexString(UserWire.Write(message)));
        Assert.Equal(bytes, Convert.ToHexString(UserWire.Write(UserWire.Read(manifest, Convert.FromHexString(bytes)))));
    }

    [Fact]
    public void Commands_stand_behind_what_earlier_versions_know()
    {
        var limited = Alice with { Commands = CommandSet.UdpAssociate | CommandSet.Connect };
        Assert.Equal(AliceBytes + "5805", Convert.ToHexString(UserWire.Pack(limited)));
        Assert.Equal(limited, Through(new UserStoreActor.UserChanged(limited)).User);
    }

    [Fact]
    public void A_record_comes_through_as_it_was() =>
        RecordGen.Of("a", "b", "").Sample(record => record.Equals(Through(new UserStoreActor.UserChanged(record)).User));

    [Fact]
    public void A_request_for_the_first_page_has_no_name_and_one_behind_the_empty_name_has()
    {
        Assert.Null(Through(new UserStoreActor.BucketRequest(0, null)).After);
        Assert.Equal(default(UserName), Through(new UserStoreActor.BucketRequest(0, default(UserName))).After);
    }

    [Theory]
    [InlineData("user-changed", "")]
    [InlineData("user-changed", "0A00")]
    [InlineData("user-changed", "0A0941FFFFFFFFFFFFFFFF")]
    [InlineData("user-bucket-request", "08FF01FF")]
    [InlineData("user-bucket-request", "088002")]
    [InlineData("user-digests", "0A080100000000000000")]
    [InlineData("user-nothing", "")]
    public void What_cannot_be_is_refused(string manifest, string bytes)
    {
        var refused = Record.Exception(() => UserWire.Read(manifest, Convert.FromHexString(bytes)));
        Assert.True(refused is ArgumentException or InvalidProtocolBufferException, $"{refused}");
    }

    [Fact]
    public void Whatever_the_bytes_they_are_a_message_or_refused()
    {
        string[] manifests = ["user-changed", "user-digests", "user-bucket-request", "user-bucket-page"];
        Gen.Select(Gen.Int[0, 3], Gen.Byte.Array[0, 80]).Sample((manifest, bytes) =>
        {
            var refused = Record.Exception(() => UserWire.Read(manifests[manifest], bytes));
            return refused is null or ArgumentException or InvalidProtocolBufferException;
        });
    }

    private static T Through<T>(T message)
        where T : IClusterMessage =>
        (T)UserWire.Read(ClusterMessageSerializer.Formats.Single(format => format.Type == typeof(T)).Manifest, UserWire.Write(message));
}
