using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Rules;
using static AkkaSocks.Proxy.Sessions.Explaining.ExplainedStep;

namespace AkkaSocks.Proxy.Sessions.Explaining;

/// <summary>The last step of an explanation: the name is looked up and its addresses are judged, as they would be for a session.</summary>
/// <param name="wiring">What sessions are given.</param>
internal sealed class ExplainedDestination(SessionWiring wiring)
{
    private const int MostShown = 4;
    private static readonly ImmutableArray<string> SpecialPurposeKey = ["akkasocks", "egress", "special-purpose"];

    private DestinationPolicy Policy => wiring.Dialer.Policy;

    /// <summary>The step.</summary>
    public async Task<ExplainedStep> StepAsync(ExplainQuestion question, CancellationToken cancelled)
    {
        var destination = question.Destination;
        if (question.Command == Command.UdpAssociate && Datagram(question) is { } refused)
            return refused;
        ImmutableArray<IPAddress> addresses;
        if (destination.HostName is { } name)
        {
            var found = await wiring.Dialer.Resolver.ResolveAsync(name, cancelled).ConfigureAwait(false);
            if (found.Refusal != Refusal.None)
                return Refused(ExplainedStage.Destination, found.Refusal, $"{name}: {RefusalAdvice.Of(found.Refusal).Words}");
            addresses = found.Addresses;
        }
        else
        {
            addresses = [destination.Address!];
        }

        return question.Command == Command.Bind
            ? Judged(destination, port: 0, addresses, wiring.BindPorts.Vet(addresses, out _))
            : Judged(destination, destination.Port, addresses, Policy.Sift(addresses, destination.Port, out _));
    }

    private ExplainedStep? Datagram(ExplainQuestion question)
    {
        if (wiring.Associations.Objection(question.User) is not Refusal.None and var refusal)
            return Refused(ExplainedStage.Destination, refusal, RefusalAdvice.Of(refusal).Words);
        if (!wiring.Settings.Udp.DenyAmplifiers || !UdpAmplifiers.Contains(question.Destination.Port, []))
            return null;
        var port = question.Destination.Port.ToString(CultureInfo.InvariantCulture);
        return Passed(ExplainedStage.Destination, $"datagrams to port {port} are dropped: its service is abused to amplify attacks", "akkasocks", "udp", "amplifiers")
            with { Reason = DatagramDrop.Denied.ToLabel() };
    }

    private ExplainedStep Judged(Destination destination, int port, ImmutableArray<IPAddress> addresses, Refusal refusal)
    {
        var judged = addresses.Select(address => (Address: DestinationPolicy.Canonical(address), Judgment: Policy.Weigh(address, port))).ToList();
        if (refusal == Refusal.CallerNotNamed)
            return Refused(ExplainedStage.Destination, refusal, RefusalAdvice.Of(refusal).Words);
        if (refusal != Refusal.None)
        {
            // What nothing in the configuration opens is not blamed on it.
            var isFixed = judged[0].Judgment is { Traits: var traits } && (traits & (AddressTraits.Never | AddressTraits.OwnEndpoint)) != 0;
            var words = Found(destination, judged, refusal);
            return isFixed
                ? Refused(ExplainedStage.Destination, refusal, refusal == Refusal.OwnEndpoint ? words : $"{words}: nobody connects there") with { Key = [] }
                : Refused(ExplainedStage.Destination, refusal, $"{words}: not public, and no entry of egress.allow has it");
        }

        var allowed = judged.Where(it => it.Judgment.Refusal == Refusal.None).ToList();
        return Passed(ExplainedStage.Destination, Found(destination, allowed, Refusal.None), allowed[0].Judgment switch
        {
            { AllowedBy: >= 0 and var entry } => ["akkasocks", "egress", "allow", entry.ToString(CultureInfo.InvariantCulture)],
            { Traits: not AddressTraits.None } => SpecialPurposeKey,
            _ => [],
        });
    }

    private static string Found(Destination destination, List<(IPAddress Address, Judgment Judgment)> judged, Refusal refusal)
    {
        var shown = judged.Take(MostShown).Select(it => refusal == Refusal.OwnEndpoint
            ? $"{it.Address}, where this proxy itself listens"
            : it.Judgment.Traits == AddressTraits.None ? $"{it.Address}" : $"{it.Address} ({it.Judgment.Source})");
        return (destination.HostName is { } name ? $"{name} is " : "") + string.Join(", ", shown)
            + (judged.Count > MostShown ? string.Create(CultureInfo.InvariantCulture, $" and {judged.Count - MostShown} more") : "");
    }
}
