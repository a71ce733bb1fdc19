using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>Whether the bytes that arrive are those sent: a download compared here and an upload compared by the origin. A proxy
/// that fails this is not measured. Key: mib.</summary>
internal sealed unsafe class VerifyLoad(LoadArguments arguments)
{
    /// <summary>Not a multiple of anything, so that an end that is cut to a buffer's size shows.</summary>
    private readonly long _length = arguments.Count("mib", 16) * 1024L * 1024 + 12345;
    private readonly byte* _scratch = (byte*)NativeMemory.Alloc(Pattern.Chunk);
    private readonly Sessions _sessions = new(arguments.Route, 1);

    public LoadOutcome Run()
    {
        var started = Stopwatch.GetTimestamp();
        var error = Stream(OriginVerb.Source, Download) ?? Stream(OriginVerb.Check, Upload)
            ?? _sessions.Open(20) ?? _sessions.Prove(5);
        return new LoadOutcome(new() { ["seconds"] = Stopwatch.GetElapsedTime(started).TotalSeconds }, error);
    }

    private delegate string? Exchange(Connection* c, EpollSet epoll);

    private string? Stream(OriginVerb verb, Exchange exchange)
    {
        var epoll = new EpollSet();
        var dialer = new Dialer(arguments.Route);
        var c = (Connection*)NativeMemory.AllocZeroed((nuint)sizeof(Connection));
        if (!dialer.Start(c, epoll))
        {
            return dialer.Failure;
        }

        while (c->Stage != Stage.Open)
        {
            if (epoll.Wait(10_000) == 0 || dialer.Advance(c, epoll[0].Events) == Step.Failed)
            {
                return dialer.Failure ?? $"silent while awaiting {c->Stage}";
            }
        }

        var request = new OriginRequest(verb, _length);
        Native.Send(c->Fd, &request, OriginRequest.Size, Native.NoSignal);
        var error = exchange(c, epoll);
        Native.Close(c->Fd);
        return error;
    }

    private string? Download(Connection* c, EpollSet epoll)
    {
        epoll.Modify(c->Fd, Native.Readable, (ulong)c);
        while (c->Position < _length)
        {
            if (epoll.Wait(10_000) == 0)
            {
                return $"download stalled at {c->Position} of {_length} bytes";
            }

            var n = Native.Receive(c->Fd, _scratch, Pattern.Chunk, 0);
            if (n <= 0 || !Pattern.Matches(_scratch, c->Position, n))
            {
                return $"download {(n > 0 ? "is wrong" : "ended")} after {c->Position} of {_length} bytes";
            }

            c->Position += n;
        }

        return c->Position == _length ? null : "download is too long";
    }

    private string? Upload(Connection* c, EpollSet epoll)
    {
        epoll.Modify(c->Fd, Native.Readable | Native.Writable, (ulong)c);
        while (c->Received < OriginRequest.Size)
        {
            if (epoll.Wait(10_000) == 0)
            {
                return $"upload stalled at {c->Position} of {_length} bytes";
            }

            if (c->Position < _length)
            {
                var count = (nint)Math.Min(Pattern.Chunk, _length - c->Position);
                var n = Native.Send(c->Fd, Pattern.At(c->Position), count, Native.NoSignal);
                c->Position += Math.Max(0, n);
                if (c->Position == _length)
                {
                    epoll.Modify(c->Fd, Native.Readable, (ulong)c);
                }
            }

            var got = Native.Receive(c->Fd, c->Inbox + c->Received, OriginRequest.Size - c->Received, 0);
            if (got == 0 || (got < 0 && Native.Errno != Native.TryAgain))
            {
                return $"upload ended after {c->Position} of {_length} bytes";
            }

            c->Received += (int)Math.Max(0, got);
        }

        var right = ((OriginRequest*)c->Inbox)->Length;
        return right == _length ? null : $"upload is wrong after {right} of {_length} bytes";
    }
}
