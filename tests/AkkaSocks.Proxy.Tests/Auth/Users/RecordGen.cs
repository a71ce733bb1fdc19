using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Settings;
using CsCheck;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

/// <summary>Records that are often of the same name, revision and writer, as a property test wants them.</summary>
internal static class RecordGen
{
    public static Gen<UserRecord> Of(params string[] names) =>
        Gen.Select(OneOf(names), Gen.Long[1, 4], OneOf("a", "b"), Gen.Bool, Gen.Int[0, 2], Labels)
            .Select((name, revision, writer, deleted, sessions, labels) => deleted
                ? UserRecord.Tombstone(TestUsers.Record(name).Name) with { Revision = revision, Writer = writer }
                : TestUsers.Record(name, revision, writer) with
                {
                    MaxSessions = sessions == 0 ? null : sessions, Labels = labels, Enabled = sessions != 2,
                    ExpiresAt = sessions == 1 ? DateTimeOffset.UnixEpoch.AddDays(labels.Count) : null,
                    Groups = [.. labels.Keys], Commands = sessions == 1 ? CommandSet.UdpAssociate | CommandSet.Connect : null,
                });

    private static readonly Gen<ImmutableSortedDictionary<string, string>> Labels =
        Gen.Select(OneOf("x", "y", "Ä"), OneOf("", "1")).Array[0, 2]
            .Select(pairs => pairs.Aggregate(
                ImmutableSortedDictionary<string, string>.Empty, (labels, pair) => labels.SetItem(pair.Item1, pair.Item2)));

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
