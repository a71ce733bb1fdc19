using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Listening;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Xunit;
using Assembly = System.Reflection.Assembly;
using Type = System.Type;

namespace AkkaSocks.Proxy.Tests;

/// <summary>The drawing of the folders, executable: who may name whom, and what nothing is called.</summary>
public sealed partial class ArchitectureTests
{
    private const string ProtocolRoot = "AkkaSocks.Protocol.", ProxyRoot = "AkkaSocks.Proxy.";

    private static readonly Assembly Protocol = typeof(Request).Assembly, Proxy = typeof(ProxyNode).Assembly;
    private static readonly Architecture Loaded = new ArchLoader().LoadAssemblies(Protocol, Proxy).Build();

    /// <summary>
    /// Listening ─► { Clustering ─► Feed ─► Auth | Sessions } · Sessions ─► { Auth | Relays ─► Egress ─► Rules }
    /// ─► { Settings ─► { Limits | Files } | Transport ─► Telemetry } ─► Outcomes. Auth ─► Capture ─► Telemetry.
    /// Whoever may name a folder may name all behind it.
    /// </summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Listening"] = ["Sessions", "Clustering"],
        ["Clustering"] = ["Feed"],
        ["Feed"] = ["Auth"],
        ["Sessions"] = ["Auth", "Relays"],
        ["Auth"] = ["Settings", "Transport", "Capture"],
        ["Relays"] = ["Egress"],
        ["Egress"] = ["Rules"],
        ["Rules"] = ["Settings", "Transport", "Telemetry"],
        ["Settings"] = ["Limits", "Files"],
        ["Limits"] = ["Outcomes"],
        ["Transport"] = ["Telemetry"],
        ["Telemetry"] = ["Outcomes"],
        ["Capture"] = ["Telemetry"],
        ["Outcomes"] = [],
        ["Files"] = [],
    };

    /// <summary>A codec that needs nothing can be read, fuzzed and reused alone.</summary>
    [Fact]
    public void Protocol_references_nothing_but_the_framework() =>
        Assert.All(Protocol.GetReferencedAssemblies(), it => Assert.StartsWith("System.", it.Name, StringComparison.Ordinal));

    /// <summary>What decides about bytes must decide the same every time, so it sees no clock, no thread and no file.</summary>
    [Fact]
    public void Protocol_knows_no_clock_no_thread_and_no_input_or_output()
    {
        string[] banned =
        [
            "System.IO.", "System.Threading.", "System.Net.Sockets.Socket", "System.Net.Dns", "System.Diagnostics.Stopwatch",
            "System.Environment", "System.DateTime", "System.TimeProvider", "System.Random", "System.Console",
        ];
        AssertNone(Named(ProtocolRoot, target => banned.Any(it => target.StartsWith(it, StringComparison.Ordinal))));
    }

    /// <summary>An arrow that points back makes two folders one: neither can be understood, tested or replaced alone.</summary>
    [Fact]
    public void Folders_name_only_the_folders_the_drawing_lets_them()
    {
        var violations = Named(ProxyRoot, target => target.StartsWith(ProxyRoot, StringComparison.Ordinal))
            .Where(it => FolderOf(it.From) != FolderOf(it.To) && !Behind(FolderOf(it.From)).Contains(FolderOf(it.To)));
        AssertNone(violations.Select(it => $"{FolderOf(it.From)} -> {FolderOf(it.To)}: {it.From} names {it.To}"));
    }

    /// <summary>A folder that is not in the drawing has no rules.</summary>
    [Fact]
    public void Every_folder_is_in_the_drawing() =>
        AssertNone(Written(Proxy).Select(type => FolderOf(type.FullName!)).Distinct().Except(Arrows.Keys));

    /// <summary>Raw configuration is read once, strictly, in one place: a key read elsewhere is a key nobody checks.</summary>
    [Fact]
    public void Only_Settings_reads_raw_configuration()
    {
        // Akka hands these their configuration in the constructor, whether or not they want it.
        string[] excepted =
        [
            ProxyRoot + "Settings.",
            ProxyRoot + "Transport.Epoll.LoopDispatcherConfigurator",
            ProxyRoot + "Telemetry.Actors.MeasuredMailbox",
            ProxyRoot + "Clustering.RefusingJsonSerializer",
            ProxyRoot + "Clustering.GuardedTransport",
        ];
        var violations = Named(ProxyRoot, target => target.StartsWith("Akka.Configuration.", StringComparison.Ordinal))
            .Where(it => !excepted.Any(prefix => it.From.StartsWith(prefix, StringComparison.Ordinal)));
        AssertNone(violations);
    }

    /// <summary>Whoever holds a socket can block a loop or leak a descriptor; behind the seam of Transport nobody can.</summary>
    [Fact]
    public void Only_Transport_names_sockets()
    {
        string[] sockets =
            ["Socket", "SocketAsyncEventArgs", "SafeSocketHandle", "TcpClient", "TcpListener", "UdpClient", "NetworkStream"];
        var violations = Named(ProxyRoot, target => sockets.Any(it => target == $"System.Net.Sockets.{it}"))
            .Where(it => FolderOf(it.From) != "Transport");
        AssertNone(violations);
    }

    /// <summary>A native call is checked by nobody; all of them stand where somebody looks.</summary>
    [Fact]
    public void Only_Transport_calls_natively()
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.DeclaredOnly;
        var native = Proxy.GetTypes().Concat(Protocol.GetTypes())
            .SelectMany(type => type.GetMethods(All))
            .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
            .Select(method => method.DeclaringType!.FullName!)
            .ToHashSet();
        Assert.Contains(ProxyRoot + "Transport.Epoll.Native", native);
        AssertNone(native.Where(type => FolderOf(type) != "Transport"));
    }

    /// <summary>A class is made to be inherited from, or it is not: what is neither has not been thought about.</summary>
    [Fact]
    public void Classes_are_sealed_abstract_or_static() =>
        AssertNone(Written(Proxy).Concat(Written(Protocol))
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false }));

    /// <summary>An actor that is not measured fails without anybody seeing it in a graph.</summary>
    [Fact]
    public void Every_actor_is_measured() => AssertNone(Written(Proxy).Where(type =>
        type.IsSubclassOf(typeof(Akka.Actor.ActorBase)) && !type.IsAbstract
        && !type.IsSubclassOf(typeof(AkkaSocks.Proxy.Telemetry.Actors.MeasuredActor))));

    /// <summary>The proxy is a program: a public type would be a promise to nobody.</summary>
    [Fact]
    public void Types_of_Proxy_are_internal() => AssertNone(Written(Proxy).Where(type => type.IsPublic));

    /// <summary>These words fit anything, so they say nothing.</summary>
    [Fact]
    public void No_type_or_folder_has_a_name_that_says_nothing()
    {
        string[] banned =
        [
            "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Core", "Base", "Misc", "Info", "Data",
            "Handler", "Processor", "Service", "Impl",
        ];
        var names = Written(Proxy).Concat(Written(Protocol)).SelectMany(type => type.FullName!.Split('.', '+')).Distinct();
        AssertNone(names.Where(name => Words().Matches(name).Any(word => banned.Contains(word.Value))));
    }

    /// <summary>Inside a namespace of that name the type of Akka could not be named any more.</summary>
    [Fact]
    public void No_folder_bears_the_name_of_an_Akka_type() =>
        AssertNone(Written(Proxy).SelectMany(type => type.Namespace!.Split('.')).Distinct()
            .Intersect(["Cluster", "Tcp", "Udp", "IO", "Streams", "Actor", "Pattern", "Routing", "Event"]));

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Words();

    private static void AssertNone<T>(IEnumerable<T> violations)
    {
        var all = violations.Select(it => $"{it}").Order().ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    /// <summary>Which types below <paramref name="root"/> name which others, method bodies included.</summary>
    private static IEnumerable<(string From, string To)> Named(string root, Func<string, bool> target)
    {
        var found = Loaded.Types
            .Where(type => type.FullName.StartsWith(root, StringComparison.Ordinal))
            .SelectMany(type => type.Dependencies, (type, dependency) => (From: type.FullName, To: dependency.Target.FullName))
            .ToHashSet();
        Assert.NotEmpty(found);
        return found.Where(it => target(it.To));
    }

    private static HashSet<string> Behind(string folder)
    {
        var behind = new HashSet<string>();
        foreach (var next in Arrows.GetValueOrDefault(folder, []))
        {
            behind.Add(next);
            behind.UnionWith(Behind(next));
        }

        return behind;
    }

    private static string FolderOf(string type) => type[ProxyRoot.Length..].Split('.')[0];

    /// <summary>The types that somebody has written.</summary>
    private static IEnumerable<Type> Written(Assembly assembly) => assembly.GetTypes().Where(type =>
        type.Namespace?.StartsWith("AkkaSocks.", StringComparison.Ordinal) == true
        && !type.FullName!.Contains('<')
        && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null);
}
