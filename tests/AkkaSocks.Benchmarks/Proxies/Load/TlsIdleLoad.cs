using System.Net.Sockets;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>What a session inside TLS costs that does nothing: memory of the proxy before and after the sessions are opened, each
/// with one exchange. Keys: sessions, settle (seconds before measuring).</summary>
internal sealed unsafe class TlsIdleLoad(LoadArguments arguments)
{
    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        var count = arguments.Count("sessions", 2000);
        var dialer = new TlsDialer(arguments.Route);
        var before = ProcessTree.Read(arguments.Processes);
        var open = new List<(OpenSsl Tls, Socket Socket)>();
        for (var i = 0; i < count; i++)
        {
            OriginRequest answer;
            if (dialer.Open(new OriginRequest(OriginVerb.Echo, i), 0, out var socket) is not { } tls
                || !tls.ReadAll((byte*)&answer, OriginRequest.Size) || answer.Length != i)
            {
                return new LoadOutcome(figures, $"{i} of {count} sessions opened");
            }

            open.Add((tls, socket));
        }

        Native.Pause((int)(arguments.Number("settle", 3) * 1000));
        var after = ProcessTree.Read(arguments.Processes);
        figures["rss_kib_per_session"] = (after.RssKib - before.RssKib) / (double)count;
        figures["pss_kib_per_session"] = (after.PssKib - before.PssKib) / (double)count;
        foreach (var (tls, socket) in open)
        {
            tls.Dispose();
            socket.Dispose();
        }

        return new LoadOutcome(figures, null);
    }
}
