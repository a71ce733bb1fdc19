using System.Security.Cryptography;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

[Collection(RealClients.Name)]
public sealed class SshTests(ClientProxies proxies)
{
    [NeedsToolFact("ssh", "sshd", "ssh-keygen", "nc.openbsd")]
    public Task It_runs_a_command_by_nc() =>
        RunsACommand(proxies.Open, $"{Tool.Find("nc.openbsd")} -X 5 -x {proxies.Open.Endpoint} %h %p");

    [NeedsToolFact("ssh", "sshd", "ssh-keygen", "ncat")]
    public Task It_runs_a_command_by_ncat() =>
        RunsACommand(proxies.Open, $"{Tool.Find("ncat")} --proxy-type socks5 --proxy {proxies.Open.Endpoint} %h %p");

    [NeedsToolFact("ssh", "sshd", "ssh-keygen", "ncat")]
    public Task It_runs_a_command_by_ncat_with_a_password() => RunsACommand(
        proxies.Guarded,
        $"{Tool.Find("ncat")} --proxy-type socks5 --proxy {proxies.Guarded.Endpoint} "
        + $"--proxy-auth '{User.Name}:{User.Password}' %h %p");

    private static async Task RunsACommand(RunningProxy proxy, string proxyCommand)
    {
        using var sshd = await PrivateSshd.StartAsync();
        var input = RandomNumberGenerator.GetBytes(1_000_000);

        var ssh = await Tool.RunAsync(
            "ssh", [.. sshd.ClientOptions, "-o", $"ProxyCommand={proxyCommand}", "127.0.0.1", "cat; exit 42"], input);

        Assert.Equal((42, ""), (ssh.ExitCode, ssh.Errors));
        Assert.True(input.AsSpan().SequenceEqual(ssh.Output));
        Assert.True((await proxy.SessionToAsync(sshd.Port)).GetProperty("clientToDestination").GetInt64() > input.Length);
    }
}
