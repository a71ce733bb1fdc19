using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

/// <summary>The two proxies that all real clients share. A test finds its sessions by the port of its origin.</summary>
public sealed class ClientProxies : IAsyncLifetime
{
    private RunningProxy? _open, _guarded;

    /// <summary>Asks for no password.</summary>
    internal RunningProxy Open => _open!;

    /// <summary>Asks for the password of <see cref="User"/>.</summary>
    internal RunningProxy Guarded => _guarded!;

    public async Task InitializeAsync()
    {
        _open = await RunningProxy.StartAsync();
        _guarded = await RunningProxy.StartAsync(User.Hocon);
    }

    public async Task DisposeAsync()
    {
        using (_open)
        using (_guarded)
        {
            await Open.StopWithoutComplaintAsync();
            await Guarded.StopWithoutComplaintAsync();
        }
    }
}

/// <summary>Tests with real clients, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RealClients : ICollectionFixture<ClientProxies>
{
    public const string Name = "real clients";
}
