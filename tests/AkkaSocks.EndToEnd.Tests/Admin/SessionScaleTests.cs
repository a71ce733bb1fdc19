using System.Diagnostics;
using System.Net;
using Akka.Actor;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Telemetry;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.EndToEnd.Tests.Admin;

/// <summary>What a page of sessions costs where there are a hundred thousand.</summary>
public sealed class SessionScaleTests(ITestOutputHelper output)
{
    private const int Sessions = 100_000, Rounds = 11;

    [LongFact, Trait("Set", "Long")]
    public async Task A_page_of_a_hundred_thousand_sessions_is_small_and_its_time_is_told()
    {
        await using var node = await AdminNode.StartAsync();
        for (var id = 1UL; id <= Sessions; id++)
            Add(node, id);

        foreach (var query in new[] { "sort=-destinationToClient&limit=20", "sort=-bytes&limit=100", "limit=1000", "q=user4242&limit=20", "user=user4242" })
        {
            var times = new List<double>();
            var answer = await node.GetAsync($"/v1/sessions?{query}");
            for (var round = 0; round < Rounds; round++)
            {
                var since = Stopwatch.GetTimestamp();
                answer = await node.GetAsync($"/v1/sessions?{query}");
                times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }

            Assert.Equal(200, answer.Status);
            Assert.InRange(answer.Body.Length, 1, 400_000);
            output.WriteLine($"/v1/sessions?{query}: median {times.Order().ElementAt(Rounds / 2):0.0} ms, slowest {times.Max():0.0} ms, {answer.Body.Length} bytes");
        }
    }

    private static void Add(AdminNode node, ulong id)
    {
        var record = new SessionRecord(new SessionId(id), "main", new IPEndPoint(new IPAddress((long)id), 40000), Environment.TickCount64)
        {
            DestinationToClient = (long)id * 1000,
        };
        node.Cluster.Live.Add(0, ActorRefs.Nobody, record).AdmittedAs = new UserRecord { Name = UserName.FromText($"user{id - 1}"), Password = "" };
    }
}
