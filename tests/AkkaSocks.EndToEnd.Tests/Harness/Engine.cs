using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>Every transport and relay engine there is.</summary>
public enum Engine
{
    EpollTunnel,
    EpollFlow,
    Sockets,
}

/// <summary>Engines as theories and as configuration.</summary>
internal static class Engines
{
    /// <summary>Each of them.</summary>
    public static TheoryData<Engine> All => [.. Enum.GetValues<Engine>()];

    /// <summary>Where what matters is who owns the sockets, not who moves the bytes.</summary>
    public static TheoryData<Engine> Transports => [Engine.EpollTunnel, Engine.Sockets];

    /// <summary>The configuration that chooses it.</summary>
    public static string ToHocon(this Engine engine) => engine switch
    {
        Engine.EpollTunnel => "akkasocks { transport.kind = epoll, relay.engine = tunnel }",
        Engine.EpollFlow => "akkasocks { transport.kind = epoll, relay.engine = flow }",
        _ => "akkasocks { transport.kind = sockets, relay.engine = flow }",
    };
}
