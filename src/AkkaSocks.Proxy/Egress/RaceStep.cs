using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Egress;

/// <summary>What to do next in an <see cref="AddressRace"/>.</summary>
internal enum RaceMove : byte
{
    /// <summary>Nothing: an attempt is still under way.</summary>
    Wait,

    /// <summary>Start connecting to <see cref="RaceStep.Index"/>, then see <see cref="RaceStep.ArmDelay"/>.</summary>
    StartAttempt,

    /// <summary><see cref="RaceStep.Index"/> is connected; close all other attempts.</summary>
    Won,

    /// <summary>Nothing is left to try: answer <see cref="RaceStep.Refusal"/>, close all attempts.</summary>
    GiveUp,
}

/// <summary>One decision of an <see cref="AddressRace"/>.</summary>
/// <param name="Move">What to do.</param>
/// <param name="Index">Of the address, for <see cref="RaceMove.StartAttempt"/> and <see cref="RaceMove.Won"/>.</param>
/// <param name="ArmDelay">Of <see cref="RaceMove.StartAttempt"/>: (re)start the attempt-delay timer; else stop it, since no
/// address is left.</param>
/// <param name="Refusal">Of <see cref="RaceMove.GiveUp"/>.</param>
internal readonly record struct RaceStep(RaceMove Move, int Index, bool ArmDelay, Refusal Refusal)
{
    /// <summary>Nothing to do.</summary>
    public static readonly RaceStep Wait = new(RaceMove.Wait, -1, false, Refusal.None);
}
