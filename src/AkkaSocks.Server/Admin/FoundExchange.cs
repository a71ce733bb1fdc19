using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.Server.Admin;

/// <summary>What became of a question for an exchange.</summary>
/// <param name="Exchange">It; null when its node does not remember it, or for one of the other reasons.</param>
/// <param name="IsOfANode">There is a node of the name that was asked for.</param>
/// <param name="IsSilent">The node did not answer in time.</param>
internal sealed record FoundExchange(CapturedExchange? Exchange, bool IsOfANode = true, bool IsSilent = false);
