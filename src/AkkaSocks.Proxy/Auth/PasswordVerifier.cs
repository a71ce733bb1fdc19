using System.Security.Cryptography;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// A few threads that do nothing but verify passwords. A verification blocks for milliseconds and fills megabytes, so it may
/// run neither on an event loop nor without a bound: threads × memory is all a flood of logins can take, and the queue is all
/// the time it can cost.
/// </summary>
internal sealed class PasswordVerifier : IDisposable
{
    private readonly Queue<Verification> _waiting = new();
    private readonly int _maxWaiting;
    private bool _disposed;

    private readonly record struct Verification(
        Credentials Credentials, PasswordHash Hash, Func<Refusal?> Foregone, Action<Refusal> Done);

    /// <summary>Starts the threads.</summary>
    /// <param name="parallelism">How many: <c>auth.verification.parallelism</c>.</param>
    /// <param name="maxWaiting">Verifications that may wait for one: <c>auth.verification.queue</c>.</param>
    public PasswordVerifier(int parallelism, int maxWaiting)
    {
        _maxWaiting = maxWaiting;
        for (var i = 0; i < parallelism; i++)
            new Thread(VerifyUntilDisposed) { IsBackground = true, Name = $"password-verifier-{i}" }.Start();
    }

    /// <summary>Queues a verification.</summary>
    /// <param name="credentials">Disposed of by the verifier when it took them on.</param>
    /// <param name="hash">What their password is compared with.</param>
    /// <param name="foregone">Called when its turn has come: a verdict that needs no verification any more; null when it is needed.
    /// Must not throw.</param>
    /// <param name="done">Called once, on a verifier thread, with <see cref="Refusal.None"/>,
    /// <see cref="Refusal.BadCredentials"/>, when memory was short <see cref="Refusal.VerificationBusy"/>, or what was foregone; not
    /// called for what still waits at <see cref="Dispose"/>. Must not throw.</param>
    /// <returns>False when the queue is full or the verifier disposed; the credentials are the caller's still.</returns>
    public bool TryEnqueue(Credentials credentials, PasswordHash hash, Func<Refusal?> foregone, Action<Refusal> done)
    {
        lock (_waiting)
        {
            if (_disposed || _waiting.Count >= _maxWaiting)
                return false;

            _waiting.Enqueue(new Verification(credentials, hash, foregone, done));
            Monitor.Pulse(_waiting);
            return true;
        }
    }

    /// <summary>Lets the threads end and drops what waits. Does not wait for them.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _disposed = true;
            while (_waiting.TryDequeue(out var dropped))
                dropped.Credentials.Dispose();
            Monitor.PulseAll(_waiting);
        }
    }

    private void VerifyUntilDisposed()
    {
        while (TryTake(out var next))
        {
            using (next.Credentials)
                next.Done(next.Foregone() ?? Verify(next));
        }
    }

    private bool TryTake(out Verification next)
    {
        lock (_waiting)
        {
            while (!_waiting.TryDequeue(out next))
            {
                if (_disposed)
                    return false;
                Monitor.Wait(_waiting);
            }

            return true;
        }
    }

    private static Refusal Verify(in Verification verification)
    {
        try
        {
            return verification.Hash.Matches(verification.Credentials.Password) ? Refusal.None : Refusal.BadCredentials;
        }
        catch (Exception failure) when (failure is CryptographicException or OutOfMemoryException)
        {
            return Refusal.VerificationBusy;
        }
    }
}
