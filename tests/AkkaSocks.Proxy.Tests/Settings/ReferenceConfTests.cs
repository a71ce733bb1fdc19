using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Settings.Hocon;
using AkkaSocks.Proxy.Settings.Reading;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings;

/// <summary>reference.conf and the reader hold each other to account: a key in one is a key in the other.</summary>
public sealed class ReferenceConfTests
{
    // What a listener and a user must bring along: no default could be right.
    private static readonly string[] WithoutDefault =
        ["akkasocks.listeners.main", "akkasocks.listeners.main.endpoint", "akkasocks.auth.users.alice", "akkasocks.auth.users.alice.password"];

    [Fact]
    public void Every_key_is_read()
    {
        var asked = AskedKeys();

        Assert.All(Leaves("akkasocks"), leaf => Assert.Contains(leaf.Key, asked));
    }

    [Fact]
    public void Every_key_that_is_read_stands_there()
    {
        var known = Leaves("akkasocks").Select(leaf => leaf.Key).ToHashSet();
        var expected = AskedKeys().Except(WithoutDefault)
            .Select(key => key.Replace("listeners.main.", "listener-defaults.").Replace("auth.users.alice.", "auth.user-defaults."));

        Assert.All(expected, key => Assert.True(known.Contains(key) || known.Any(leaf => leaf.StartsWith(key + ".")) || key == "akka", key));
    }

    [Fact]
    public void Every_key_has_a_comment_above_it()
    {
        var lines = SettingsLoader.ReferenceText().Split('\n');

        // Keys that belong together may share a comment: no blank line between them.
        Assert.All([.. Leaves("akkasocks"), .. Leaves("akka")], leaf =>
            Assert.StartsWith("#", lines[..(leaf.Line - 1)].Reverse().First(line => line.Trim() is "" || line.Trim()[0] == '#').Trim()));
    }

    [Fact]
    public void Every_limit_names_its_enforcer()
    {
        var lines = SettingsLoader.ReferenceText().Split('\n');
        string[] limiting = ["limits.", "queue", "parallelism", "max-", "timeout", "ttl", "attempt-delay"];

        Assert.All(Leaves("akkasocks").Where(leaf => Array.Exists(limiting, leaf.Key.Contains)), leaf =>
            Assert.Contains("Enforced by", string.Join(' ', lines[..(leaf.Line - 1)].Reverse().TakeWhile(line => line.Trim().StartsWith('#'))
                .Reverse().Select(line => line.Trim('#', ' ')))));
    }

    [Fact]
    public void What_is_embedded_is_the_file()
    {
        Assert.Equal(HoconFolder.Text("reference.conf"), SettingsLoader.ReferenceText());
    }

    private static HashSet<string> AskedKeys()
    {
        var problems = new ProblemList();
        var root = Reference();
        root.Merge(HoconParser.ParseDocument("test", """
            akkasocks { listeners { main { endpoint = "127.0.0.1:0" } }, auth { users { alice { password = "$x" } } } }
            """, Context(problems))!);
        var reading = new SettingsReading(problems, userFile: null);
        new SettingsReader(new Machine(1, null, "/state"), _ => null).Read(new HoconResolver(root, problems).Resolve(), reading);

        Assert.Empty(problems.ToImmutable());
        return [.. reading.Asked];
    }

    private static IEnumerable<(string Key, int Line)> Leaves(string section) =>
        Leaves(Reference().Find(section)!, KeyPath.Root / section);

    private static IEnumerable<(string Key, int Line)> Leaves(HoconNode node, KeyPath path) => node is HoconObject { Count: > 0 } members
        ? members.Members.SelectMany(member => Leaves(member.Value, path / member.Key))
        : [(path.ToString(), node.Origin.Line!.Value)];

    private static HoconObject Reference() =>
        HoconParser.ParseDocument("reference.conf", SettingsLoader.ReferenceText(), Context(new ProblemList()))!;

    private static HoconParserContext Context(ProblemList problems) => new(ImmutableDictionary<string, string>.Empty, (_, _) => null, problems);
}
