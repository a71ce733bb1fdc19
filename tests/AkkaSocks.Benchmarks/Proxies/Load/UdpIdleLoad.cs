using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>What an association costs that does nothing: memory and descriptors of the proxy before and after the associations are
/// opened, each with one datagram there and back. Keys: associations, settle (seconds before measuring).</summary>
internal sealed class UdpIdleLoad(LoadArguments arguments)
{
    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        var count = arguments.Count("associations", 6000);
        var before = ProcessTree.Read(arguments.Processes);
        var open = new UdpAssociation[count];
        using var echo = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        echo.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)echo.LocalEndPoint!).Port;
        var datagram = UdpBatch.Of([0, 0, 0, 1, 127, 0, 0, 1, (byte)(port >> 8), (byte)port, 42], together: false);
        var received = new UdpBatch(together: false);
        try
        {
            // Side by side: some proxies answer an association after tens of milliseconds.
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, i => open[i] = UdpAssociation.Open(arguments.Route, i));
            for (var i = 0; i < count; i++)
            {
                datagram.Send(open[i].Fd, 1);
                if (!echo.Poll(5_000_000, SelectMode.SelectRead))
                {
                    throw new InvalidOperationException($"association {i} relays nothing");
                }

                received.SendBack((int)echo.Handle, received.Receive((int)echo.Handle));
            }
        }
        catch (Exception refused) when (refused is InvalidOperationException or AggregateException)
        {
            return new LoadOutcome(figures, refused.GetBaseException().Message);
        }

        Native.Pause((int)(arguments.Number("settle", 3) * 1000));
        var after = ProcessTree.Read(arguments.Processes);
        figures["rss_kib_per_association"] = (after.RssKib - before.RssKib) / (double)count;
        figures["descriptors_per_association"] = (after.Descriptors - before.Descriptors) / (double)count;
        var answered = open.Count(association => received.Receive(association.Fd) == 1);
        Array.ForEach(open, association => association.Dispose());
        return new LoadOutcome(figures, answered == count ? null : $"{count - answered} of {count} associations gave no answer");
    }
}
