using AkkaSocks.Proxy.Telemetry.Figures;
using AkkaSocks.Server.Hosting;
using AkkaSocks.Server.Verbs;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaSocks.EndToEnd.Tests.Metrics;

/// <summary>All metrics there are, as a node declares them that has everything on.</summary>
internal static class DeclaredMetrics
{
    private static readonly Lazy<Task<IReadOnlyList<Metric>>> Declared = new(ReadAsync);

    public static Task<IReadOnlyList<Metric>> AllAsync() => Declared.Value;

    private static async Task<IReadOnlyList<Metric>> ReadAsync()
    {
        var folder = Directory.CreateTempSubdirectory("akkasocks-declared-");
        var file = Path.Combine(folder.FullName, "node.conf");
        await File.WriteAllTextAsync(file, $$"""
            akkasocks {
              node { data-directory = "{{folder.FullName}}/data" }
              listeners { main { endpoint = "127.0.0.1:0" } }
              metrics { per-user = 10 }
              mitm { enabled = on, scope.include = ["*.example.test"] }
              log { sessions { format = off } }
            }
            """);
        if (!ConfigOptions.TryLoad([file], [], out var settings, out _))
            throw new InvalidOperationException("The configuration of this test is wrong.");
        using var host = NodeHost.Create(settings, admin: null, () => new(settings, []));
        await host.StartAsync();
        var metrics = host.Services.GetRequiredService<NodeLifetime>().Node!.Metrics.All.All;
        await host.StopAsync();
        folder.Delete(recursive: true);
        return metrics;
    }
}
