namespace AkkaSocks.Proxy.Settings.Exchanges;

/// <summary>One of <c>mitm.inspectors</c>.</summary>
/// <param name="Type">The type and where it is: <c>My.Inspector, My.Assembly</c>.</param>
/// <param name="OnError">What becomes of an exchange in which it throws.</param>
internal sealed record InspectorSettings(string Type, InspectorError OnError);

/// <summary>What becomes of an exchange in which an inspector throws.</summary>
internal enum InspectorError
{
    /// <summary>It goes on, as the inspector has left it.</summary>
    Open,

    /// <summary>It ends: with status 500 where that is still possible.</summary>
    Closed,
}
