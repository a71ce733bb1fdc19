using System.Collections.Concurrent;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Auth;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>
/// Nodes that the tests of one class share, by what they accept: a row of the wire tables needs none of its own, and starting
/// one takes longer than the row. Knows the user alice with the password s3cret.
/// </summary>
public sealed class SharedNodes : IAsyncLifetime
{
    private readonly ConcurrentDictionary<(Engine Engine, string Methods), Lazy<Task<TestNode>>> _nodes = new();

    /// <summary>The settings of a node with these methods.</summary>
    internal static ProxySettings Accepting(Engine engine, params AcceptedMethod[] methods)
    {
        var settings = TestSettings.Default.Over(engine);
        return settings with
        {
            Auth = settings.Auth with
            {
                Methods = [.. methods],
                Users = [new UserSettings("alice", TestLogin.CheapHashOfS3cret, null, null)],
            },
        };
    }

    /// <summary>The node with these methods.</summary>
    internal Task<TestNode> NodeAsync(Engine engine, params AcceptedMethod[] methods) => _nodes.GetOrAdd(
        (engine, string.Join(' ', methods)),
        _ => new Lazy<Task<TestNode>>(() => TestNode.StartAsync(Accepting(engine, methods)))).Value;

    /// <summary>A node with settings of the tests' own.</summary>
    /// <param name="engine">Whose.</param>
    /// <param name="name">The same for the same settings.</param>
    /// <param name="settings">Made for the first who asks.</param>
    internal Task<TestNode> NodeAsync(Engine engine, string name, Func<ProxySettings> settings) => _nodes.GetOrAdd(
        (engine, name), _ => new Lazy<Task<TestNode>>(() => TestNode.StartAsync(settings()))).Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes.Values)
            await (await node.Value).DisposeAsync();
    }
}
