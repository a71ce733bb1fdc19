using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Rules;

/// <summary>What the <see cref="DestinationPolicy"/> says of an address, and what it went by.</summary>
/// <param name="Refusal">Why nobody may connect there; <see cref="Outcomes.Refusal.None"/> when one may.</param>
/// <param name="Traits">What is special about the address.</param>
/// <param name="Source">Who says what the address is for: the document and its words for it.</param>
/// <param name="AllowedBy">Which entry of <c>egress.allow</c>, from 0, lets it through; -1 when none has to, or none does.</param>
internal readonly record struct Judgment(Refusal Refusal, AddressTraits Traits, string Source, int AllowedBy);

/// <summary>What may be special about an address, taken with what it carries.</summary>
[Flags]
internal enum AddressTraits : byte
{
    /// <summary>Nothing: any host of the public Internet.</summary>
    None = 0,

    /// <summary>Not public: refused unless a setting allows it.</summary>
    Special = 1,

    /// <summary>With that port it is one of the proxy's own listeners.</summary>
    OwnEndpoint = 2,

    /// <summary>Not one other host at all: refused whatever the settings say.</summary>
    Never = 4,
}
