namespace AkkaSocks.Proxy.Sessions.Explaining;

/// <summary>Where on its way a request stands, in the order in which sessions go through it.</summary>
internal enum ExplainedStage
{
    /// <summary>The gate, before anything is spent.</summary>
    Connection,

    /// <summary>Who is kept out.</summary>
    Bans,

    /// <summary>Who it is.</summary>
    Login,

    /// <summary>Whether the node takes requests.</summary>
    Node,

    /// <summary>Whether the user has a place left.</summary>
    Sessions,

    /// <summary>Whether the command is offered and allowed.</summary>
    Command,

    /// <summary>Where the destination is, and whether one may connect there.</summary>
    Destination,

    /// <summary>Whether its tunnel would be looked into. It refuses nothing.</summary>
    Interception,
}
