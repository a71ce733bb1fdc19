namespace AkkaSocks.Server.Admin;

/// <summary>A parameter that a query may have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">For whoever reads the API's description.</param>
internal sealed record QueryParameter(string Name, string Meaning);
