using System.Net;
using System.Text;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>What sessions must be; null is whatever.</summary>
/// <param name="User">Let in as this user.</param>
/// <param name="Client">From this address.</param>
/// <param name="Node">On the node of this name.</param>
internal sealed record SessionFilter(UserName? User, IPAddress? Client, string? Node)
{
    /// <summary>Whatever session.</summary>
    public static readonly SessionFilter Any = new(null, null, null);

    /// <summary>To this host, or this host and port, as the client named it.</summary>
    public string? Destination { get; init; }

    /// <summary>Through the listener of this name.</summary>
    public string? Listener { get; init; }

    /// <summary>In this protocol.</summary>
    public string? Protocol { get; init; }

    /// <summary>With this text anywhere in what is shown of it, in capitals or not.</summary>
    public string? Text { get; init; }

    /// <summary>Whether a session of a node is one of them.</summary>
    public bool Passes(LiveSession session, string node) =>
        (Node is null || Node == node)
        && (User is not { } user || session.AdmittedAs?.Name == user)
        && (Client is not { } client || session.Record.Client.Address.Equals(client))
        && (Listener is null || Listener == session.Record.Listener)
        && (Protocol is null || Protocol == session.Protocol)
        && (Destination is null || IsTo(Destination, session.Destination))
        && (Text is null || HasText(session, node, Text));

    private static bool IsTo(string wanted, string? destination) =>
        destination is not null && destination.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)
        && (destination.Length == wanted.Length
            || (destination[wanted.Length] == ':' && destination.LastIndexOf(':') == wanted.Length));

    // What costs least first.
    private static bool HasText(LiveSession session, string node, string text) =>
        Has(node, text)
        || Has(session.Record.Listener, text)
        || Has(session.Destination, text)
        || (session.AdmittedAs is { } user && Has(Encoding.UTF8.GetString(user.Name.Bytes), text))
        || Has(session.Record.Client.ToString(), text)
        || Has(session.Id.ToString(), text);

    private static bool Has(string? where, string text) => where?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}
