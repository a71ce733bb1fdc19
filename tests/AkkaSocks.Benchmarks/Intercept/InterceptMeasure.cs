namespace AkkaSocks.Benchmarks.Intercept;

/// <summary>What <c>--measures</c> chooses from.</summary>
internal enum InterceptMeasure
{
    /// <summary>Signing a certificate for a name, and finding it again.</summary>
    Mint,

    /// <summary>What is added to a request on a connection that stays.</summary>
    Delay,

    /// <summary>Requests per second, and what each costs.</summary>
    Rate,

    /// <summary>Memory of 100 and of 500 idle connections.</summary>
    Idle,

    /// <summary>Connections per second of sessions that are out of scope, against a node that looks into nothing.</summary>
    Scope,
}
