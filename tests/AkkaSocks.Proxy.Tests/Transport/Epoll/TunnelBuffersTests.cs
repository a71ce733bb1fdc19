using AkkaSocks.Proxy.Transport.Epoll;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport.Epoll;

[Collection(Alone.Name)]
public sealed class TunnelBuffersTests
{
    [Fact]
    public void So_many_pipes_are_lent_and_no_more()
    {
        using var buffers = new TunnelBuffers();
        var lent = new List<SplicePipe>();
        while (buffers.Lend() is { } pipe)
            lent.Add(pipe);
        Assert.Equal(TunnelBuffers.MaxLentPipes, lent.Count);
        Assert.Equal(lent.Count * 2, lent.SelectMany(it => new[] { it.ReadEnd, it.WriteEnd }).Distinct().Count());
        Assert.Equal(1, buffers.Fallbacks);

        buffers.GiveBack(lent[0], isEmpty: true);
        Assert.NotNull(buffers.Lend());
        foreach (var pipe in lent)
            buffers.GiveBack(pipe, isEmpty: true);
    }

    [Fact]
    public void An_empty_pipe_is_lent_again_and_one_with_bytes_in_it_never()
    {
        using var buffers = new TunnelBuffers();
        var first = buffers.Lend()!;
        buffers.GiveBack(first, isEmpty: true);
        Assert.Same(first, buffers.Lend());

        buffers.GiveBack(first, isEmpty: false);
        var next = buffers.Lend()!;
        Assert.NotSame(first, next);
        buffers.GiveBack(next, isEmpty: true);
    }

    [Fact]
    public void Descriptors_are_all_given_back()
    {
        var before = Descriptors();
        using (var buffers = new TunnelBuffers())
        {
            var lent = Enumerable.Range(0, 40).Select(_ => buffers.Lend()!).ToList();
            for (var i = 0; i < lent.Count; i++)
                buffers.GiveBack(lent[i], isEmpty: i % 2 == 0);
        }

        Assert.InRange(Descriptors(), 0, before + 2);
    }

    [Fact]
    public void Once_the_kernel_has_refused_nobody_tries_again()
    {
        using var buffers = new TunnelBuffers();
        Assert.True(buffers.CanSplice);
        buffers.SpliceRefused();
        Assert.False(buffers.CanSplice);
        Assert.Equal(1, buffers.Fallbacks);
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;
}
