namespace AkkaSocks.Mitm.Exchanges;

/// <summary>An inspector has thrown: a feature of the exchange, for whoever remembers it.</summary>
/// <param name="Inspector">Which.</param>
/// <param name="Defect">What it threw.</param>
internal sealed record InspectorFault(Type Inspector, Exception Defect);
