using System.Net.Sockets;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>Makes the k-th input or output operation of a test fail, or throw, counted over all connections.</summary>
/// <param name="failAt">1-based; 0 fails none.</param>
/// <param name="throws">An exception, which no transport throws, instead of a failure.</param>
internal sealed class IoFaults(int failAt, bool throws)
{
    private int _operations;

    /// <summary>Operations so far.</summary>
    public int Operations => Volatile.Read(ref _operations);

    /// <summary>True when the k-th operation has come.</summary>
    public bool Happened => failAt > 0 && Operations >= failAt;

    /// <summary>Which operation failed, once one has: for who reads why a test did.</summary>
    public string Where { get; private set; } = "nowhere";

    /// <summary>Counts an operation.</summary>
    /// <returns>True when it shall fail.</returns>
    public bool Strikes()
    {
        if (Interlocked.Increment(ref _operations) != failAt)
            return false;
        Where = string.Join('\n', Environment.StackTrace.Split('\n').Where(line => line.Contains(" AkkaSocks.")).Skip(1).Take(12));
        return throws ? throw new SocketException((int)SocketError.SocketError) : true;
    }
}
