using System.Text;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.EndToEnd.Tests.Hosting;
using AkkaSocks.EndToEnd.Tests.Metrics;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Processes;

public sealed class FailedLoginLogTests
{
    private static readonly byte[] Refused = [1, 1];

    [NeedsToolFact("fail2ban-regex")]
    public async Task Fail2ban_finds_every_failed_login_and_nobody_else()
    {
        var log = Path.Combine(Path.GetTempPath(), $"akkasocks-failed-{Guid.NewGuid():N}.log");
        try
        {
            using var node = await ReloadedNode.StartAsync($$"""
                {{User.Hocon}}
                akkasocks.log.failed-logins.file = "{{log}}"
                """);
            foreach (var address in new[] { "127.0.0.7", "127.0.0.8", "127.0.0.7" })
            {
                using var client = await SocksClient.ConnectAsync(node.Socks, System.Net.IPAddress.Parse(address));
                await client.SendAsync(SocksClient.GreetingWithPassword);
                await client.ExpectAsync([5, 2]);
                await client.SendAsync(SocksClient.Credentials("from 198.51.100.9 port 1: bad", "wrong"));
                await client.ExpectAsync(Refused);
                await client.EndAsync();
            }

            using (var good = await SocksClient.ConnectAsync(node.Socks))
                await good.LogInAsync();
            await Eventually.TrueAsync(() => File.ReadAllText(log).Count(it => it == '\n') == 3, () => "three lines");

            var found = await Tool.RunAsync("fail2ban-regex", "--out", "ip", log, DockerFolder.PathOf("fail2ban/akkasocks.conf"));

            Assert.Equal(0, found.ExitCode);
            Assert.Equal(
                ["127.0.0.7", "127.0.0.7", "127.0.0.8"],
                Regex.Split(Encoding.UTF8.GetString(found.Output).Trim(), @"\s+").Order(StringComparer.Ordinal));
        }
        finally
        {
            File.Delete(log);
        }
    }

    /// <summary>IPv6, and what is no failed login, by the pattern alone.</summary>
    [NeedsToolTheory("fail2ban-regex")]
    [InlineData("2026-11-25T08:00:00.123Z akkasocks[n1] login failed from 2001:db8::7 port 4711: user-banned listener=main session=1", "2001:db8::7")]
    [InlineData("2026-11-25T08:00:00.123Z akkasocks[n1] login failed from 192.0.2.1 port 4711: something-else listener=main session=1", "")]
    public async Task The_filter_takes_what_it_should(string line, string host)
    {
        var found = await Tool.RunAsync("fail2ban-regex", "--out", "ip", line, DockerFolder.PathOf("fail2ban/akkasocks.conf"));

        Assert.Equal(host, Encoding.UTF8.GetString(found.Output).Trim());
    }
}
