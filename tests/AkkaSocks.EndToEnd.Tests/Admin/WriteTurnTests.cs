using AkkaSocks.Server.Admin;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class WriteTurnTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task One_has_the_turn_and_only_so_many_wait()
    {
        var turn = new WriteTurn();
        Assert.True(await turn.TryEnterAsync(default));
        var waiting = Enumerable.Range(0, WriteTurn.MaxWaiting).Select(_ => turn.TryEnterAsync(default)).ToArray();
        Assert.All(waiting, it => Assert.False(it.IsCompleted));

        Assert.False(await turn.TryEnterAsync(default));

        for (var i = 0; i <= waiting.Length; i++)
            turn.Leave();
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Patience), Assert.True);
        Assert.True(await turn.TryEnterAsync(default).WaitAsync(Patience));
    }

    [Fact]
    public async Task Who_is_gone_waits_no_longer()
    {
        var turn = new WriteTurn();
        Assert.True(await turn.TryEnterAsync(default));
        using var gone = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, WriteTurn.MaxWaiting).Select(_ => turn.TryEnterAsync(gone.Token)).ToArray();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
        turn.Leave();
        Assert.True(await turn.TryEnterAsync(default).WaitAsync(Patience));
    }
}
