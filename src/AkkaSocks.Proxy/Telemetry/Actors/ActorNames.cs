using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>
/// How types of actors and messages are called in metrics. Both sets are closed: the types of this program have names, the rest is
/// <see cref="Others"/>.
/// </summary>
internal static class ActorNames
{
    /// <summary>Akka's own actors and messages.</summary>
    public const string Others = "other";

    /// <summary>An actor that runs graphs of Akka.Streams: one for each event loop, which those of its relays share.</summary>
    public const string Graph = "stream";

    private const string Ours = "AkkaSocks.";
    private const string GraphType = "ActorGraphInterpreter";
    private const string Suffix = "Actor";

    /// <summary>A type of actors: <c>session</c>, <c>tcp-relay</c>, <c>auth-registry</c>.</summary>
    public static string OfActor(Type type) => IsOurs(type) ? WithoutSuffix(type) : type.Name == GraphType ? Graph : Others;

    /// <summary>A type of messages; one that is declared within an actor bears its name: <c>session.time-up</c>.</summary>
    public static string OfMessage(Type type) =>
        !IsOurs(type) ? Others
        : type.DeclaringType is { } owner ? $"{WithoutSuffix(owner)}.{WithoutSuffix(type)}"
        : WithoutSuffix(type);

    /// <summary>Whether somebody here wrote the type.</summary>
    public static bool IsOurs(Type type) => type.Namespace?.StartsWith(Ours, StringComparison.Ordinal) == true;

    private static string WithoutSuffix(Type type) => KebabCase.Of(
        type.Name.Length > Suffix.Length && type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? type.Name[..^Suffix.Length] : type.Name);
}
