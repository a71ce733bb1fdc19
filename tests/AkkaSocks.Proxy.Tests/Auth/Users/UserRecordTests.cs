using System.Collections.Immutable;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

public sealed class UserRecordTests
{
    [Fact]
    public void The_higher_revision_wins_then_the_writer_then_the_content()
    {
        var alice = TestUsers.Record("alice", revision: 5, writer: "b");
        UserRecord[] worseAndWorse =
        [
            alice with { Revision = 6, Writer = "a" },
            alice with { Writer = "c" },
            alice with { Groups = ["staff"] },
            alice with { MaxSessions = 1 },
            alice,
            alice with { Revision = 4, Writer = "z", Groups = ["staff"] },
        ];
        for (var i = 0; i < worseAndWorse.Length; i++)
        {
            for (var j = 0; j < worseAndWorse.Length; j++)
                Assert.Equal(i < j, worseAndWorse[i].Supersedes(worseAndWorse[j]));
        }
    }

    [Fact]
    public void Of_two_different_records_exactly_one_wins()
    {
        var record = RecordGen.Of("alice");
        Gen.Select(record, record).Sample((a, b) =>
            a.Equals(b) ? !a.Supersedes(b) && !b.Supersedes(a) : a.Supersedes(b) != b.Supersedes(a));
    }

    [Fact]
    public void Records_are_equal_when_all_they_hold_is()
    {
        var none = ImmutableSortedDictionary<string, string>.Empty;
        var one = TestUsers.Record("alice") with { Labels = none.Add("b", "1").Add("a", "2") };
        var same = TestUsers.Record("alice") with { Labels = none.Add("a", "2").Add("b", "1") };

        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, same with { Labels = same.Labels.SetItem("a", "3") });
        Assert.NotEqual(one, same with { Name = UserName.FromText("bob") });
        Assert.NotEqual(one, same with { MaxSessions = 0 });
    }

    [Fact]
    public void Expiry_is_kept_to_the_millisecond_and_has_come_when_its_time_is_there()
    {
        var end = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.FromHours(2)).AddTicks(10_009);
        var user = TestUsers.Record("alice") with { ExpiresAt = end };

        Assert.Equal(end.AddTicks(-9).ToUniversalTime(), user.ExpiresAt);
        Assert.False(user.HasExpired(end.AddMilliseconds(-2)));
        Assert.True(user.HasExpired(end));
    }

    [Fact]
    public void Its_text_has_no_password() =>
        Assert.DoesNotContain("argon2id", TestUsers.Record("alice").ToString(), StringComparison.Ordinal);
}
