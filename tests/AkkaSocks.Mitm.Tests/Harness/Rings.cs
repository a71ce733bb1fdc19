using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.Mitm.Tests.Harness;

/// <summary>Waiting for exchanges to be over: the client may have the last byte before they are.</summary>
internal static class Rings
{
    /// <summary>Returns when so many are remembered.</summary>
    public static async Task CountAsync(this CaptureRing ring, int count)
    {
        var there = new TaskCompletionSource();
        using var listening = ring.Listen(_ => Check());
        Check();
        await there.Task.InTime();

        void Check()
        {
            if (ring.All().Length >= count)
                there.TrySetResult();
        }
    }
}
