using System.Collections.Concurrent;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Outcomes;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

public sealed class PasswordVerifierTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly PasswordHash _hash =
        PasswordHash.TryParse(TestLogin.CheapHashOfS3cret, out var hash, out _) ? hash : throw new InvalidOperationException();

    [Theory]
    [InlineData("s3cret", nameof(Refusal.None))]
    [InlineData("S3cret", nameof(Refusal.BadCredentials))]
    [InlineData("", nameof(Refusal.BadCredentials))]
    public void A_password_is_verified(string password, string expected)
    {
        using var verifier = new PasswordVerifier(parallelism: 1, maxWaiting: 1);
        using var answers = new BlockingCollection<Refusal>();
        Assert.True(verifier.TryEnqueue(TestLogin.Of("alice", password), _hash, () => null, answers.Add));
        Assert.True(answers.TryTake(out var answer, Soon));
        Assert.Equal(expected, answer.ToString());
    }

    [Fact]
    public void Verified_credentials_are_cleared()
    {
        using var verifier = new PasswordVerifier(parallelism: 1, maxWaiting: 1);
        var credentials = TestLogin.Of("alice", "s3cret");
        Assert.True(verifier.TryEnqueue(credentials, _hash, () => null, _ => { }));
        Assert.True(SpinWait.SpinUntil(() => IsCleared(credentials), Soon));
    }

    [Fact]
    public void A_verdict_that_is_known_when_its_turn_comes_needs_no_verification()
    {
        using var verifier = new PasswordVerifier(parallelism: 1, maxWaiting: 1);
        using var answers = new BlockingCollection<Refusal>();
        var credentials = TestLogin.Of("alice", "s3cret");
        Assert.True(verifier.TryEnqueue(credentials, _hash, () => Refusal.AddressBanned, answers.Add));
        Assert.True(answers.TryTake(out var answer, Soon));
        Assert.Equal(Refusal.AddressBanned, answer);
        Assert.True(SpinWait.SpinUntil(() => IsCleared(credentials), Soon));
    }

    [Fact]
    public void A_verification_beyond_the_queue_is_refused_and_leaves_the_credentials_alone()
    {
        using var verifier = new PasswordVerifier(parallelism: 1, maxWaiting: 2);
        using var release = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        Assert.True(verifier.TryEnqueue(TestLogin.Of("alice", "x"), _hash, () => null, _ => { started.Set(); release.Wait(); }));
        Assert.True(started.Wait(Soon));

        Assert.True(verifier.TryEnqueue(TestLogin.Of("alice", "x"), _hash, () => null, _ => { }));
        Assert.True(verifier.TryEnqueue(TestLogin.Of("alice", "x"), _hash, () => null, _ => { }));
        var refused = TestLogin.Of("alice", "x");
        Assert.False(verifier.TryEnqueue(refused, _hash, () => null, _ => { }));
        Assert.False(IsCleared(refused));

        release.Set();
        Assert.True(SpinWait.SpinUntil(() => verifier.TryEnqueue(refused, _hash, () => null, _ => { }), Soon));
    }

    [Fact]
    public void No_more_verifications_run_at_once_than_there_are_threads()
    {
        const int Count = 40;
        using var verifier = new PasswordVerifier(parallelism: 3, maxWaiting: Count);
        using var done = new CountdownEvent(Count);
        var threads = new ConcurrentDictionary<int, bool>();
        for (var i = 0; i < Count; i++)
        {
            Assert.True(verifier.TryEnqueue(TestLogin.Of("alice", "x"), _hash, () => null, _ =>
            {
                threads[Environment.CurrentManagedThreadId] = true;
                done.Signal();
            }));
        }

        Assert.True(done.Wait(Soon));
        Assert.InRange(threads.Count, 1, 3);
    }

    [Fact]
    public void Disposing_clears_what_waits_and_takes_no_more()
    {
        var verifier = new PasswordVerifier(parallelism: 1, maxWaiting: 2);
        using var release = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        Assert.True(verifier.TryEnqueue(TestLogin.Of("alice", "x"), _hash, () => null, _ => { started.Set(); release.Wait(); }));
        Assert.True(started.Wait(Soon));
        var waiting = TestLogin.Of("alice", "s3cret");
        Assert.True(verifier.TryEnqueue(waiting, _hash, () => null, _ => { }));

        verifier.Dispose();
        Assert.True(IsCleared(waiting));
        Assert.False(verifier.TryEnqueue(TestLogin.Of("alice", "s3cret"), _hash, () => null, _ => { }));
        release.Set();
    }

    private static bool IsCleared(Credentials credentials) => credentials.Password.IndexOfAnyExcept((byte)0) < 0;
}
