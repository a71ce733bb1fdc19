using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin.Events;

/// <summary><c>/v1/events</c>: what happens in the whole cluster, as it happens.</summary>
internal sealed class EventEndpoints(RegistryLink registry, CancellationToken stopping)
{
    // Each costs a queue and, while it reads, some encoding.
    private const int MaxReaders = 32;

    private int _readers;

    /// <summary>Its parameters.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        new("kinds", $"Which events, separated by commas; all unless given: {string.Join(", ", EventFrames.Names)}."),
    ];

    /// <summary><c>GET /v1/events</c>.</summary>
    public Task<IResult> StreamAsync(HttpContext context)
    {
        ImmutableHashSet<string> names = [.. EventFrames.Names];
        if (context.Request.Query["kinds"] is [var text, ..])
        {
            names = [.. (text ?? "").Split(',')];
            if (names.FirstOrDefault(name => !EventFrames.Names.Contains(name)) is not null)
                return Task.FromResult<IResult>(Problem.BadParameter("kinds", $"expected some of {string.Join(", ", EventFrames.Names)}"));
        }

        if (Interlocked.Increment(ref _readers) <= MaxReaders)
            return Task.FromResult<IResult>(new EventStream(
                (queue, wake) => registry.Listening(EventReader.Props(queue, wake, names)), stopping, () => Interlocked.Decrement(ref _readers)));
        Interlocked.Decrement(ref _readers);
        return Task.FromResult<IResult>(Problem.TooManyReaders(MaxReaders));
    }
}
