using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Egress;

/// <summary>The name of an address.</summary>
/// <param name="Name">A name, port 0, when <paramref name="Refusal"/> is <see cref="Refusal.None"/>.</param>
/// <param name="Refusal">Else <see cref="Refusal.NameNotResolved"/>, <see cref="Refusal.NameLookupTimedOut"/> or
/// <see cref="Refusal.NameLookupBusy"/>.</param>
internal readonly record struct AddressName(Destination Name, Refusal Refusal);
