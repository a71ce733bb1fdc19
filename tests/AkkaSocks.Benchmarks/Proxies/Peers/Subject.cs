namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>A proxy that is measured: how it is found on this machine, and how it runs at its best: no log, no DNS, no limit
/// below 5,000 sessions, all cores.</summary>
internal abstract class Subject
{
    /// <summary>Its name in the tables and for <c>--only</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Which column of the comparison it belongs to.</summary>
    public virtual Standing Standing => Standing.SocksPeer;

    /// <summary>Whether it can ask for a user name and password without accounts of the operating system.</summary>
    public virtual bool TakesPassword => true;

    /// <summary>Whether it can have TLS in front.</summary>
    public virtual bool TakesTls => false;

    /// <summary>Whether it carries UDP ASSOCIATE.</summary>
    public virtual bool TakesUdp => false;

    /// <summary>The file to run; null when it isn't on this machine.</summary>
    public virtual string? Find() => Executables.Find(Name);

    /// <summary>Writes its configuration into <see cref="Site.Directory"/> and says how to start it.</summary>
    public abstract Launch Prepare(Site site, string executable);
}

/// <summary>What a subject is compared as.</summary>
internal enum Standing
{
    /// <summary>The proxy this benchmark is for.</summary>
    AkkaSocks,

    /// <summary>Another SOCKS5 server.</summary>
    SocksPeer,

    /// <summary>A TCP forwarder that speaks no SOCKS: what the machine can do at all.</summary>
    Floor,
}
