namespace AkkaSocks.Mitm.Distortion;

/// <summary>Where bytes go.</summary>
public enum FlowDirection
{
    /// <summary>From the client to the destination.</summary>
    Up,

    /// <summary>From the destination to the client.</summary>
    Down,
}
