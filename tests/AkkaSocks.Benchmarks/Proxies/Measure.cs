namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>What <c>--measures</c> chooses from.</summary>
internal enum Measure
{
    /// <summary>Exec to accepting, and memory before any connection.</summary>
    Startup,

    /// <summary>The first 5,000 connections of a process against its own warmed rate.</summary>
    First5000,

    /// <summary>Connections per second and what each costs.</summary>
    Rate,

    /// <summary>The same with a user name and password on each.</summary>
    Password,

    /// <summary>Round trips on 1 and 64 streams.</summary>
    PingPong,

    /// <summary>Bytes per second down, up and both.</summary>
    Bulk,

    /// <summary>Round trips of one session while others carry bulk.</summary>
    Healthy,

    /// <summary>TLS in front: handshakes per second with and without resumption, bytes per second down and up, idle sessions.</summary>
    Tls,

    /// <summary>UDP ASSOCIATE: datagrams per second, loss at half of that, idle associations.</summary>
    Udp,

    /// <summary>Memory and descriptors of 5,000 idle sessions.</summary>
    Idle,

    /// <summary>Rate and round trips while 100, 1,000 and 5,000 sessions are open.</summary>
    Growth,
}
