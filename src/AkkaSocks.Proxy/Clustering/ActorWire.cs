using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Telemetry.Actors;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of what nodes ask each other about their actors.</summary>
internal static class ActorWire
{
    private const int MostLevels = 10, MostChildren = 1000;

    /// <summary>The frame of a message.</summary>
    public static FindActorsFrame Write(FindActors message) => new()
    {
        Number = message.Number, Asker = NodeWire.Write(message.Asker), Depth = message.Question.Depth, Top = message.Question.Top,
    };

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static FindActors Read(FindActorsFrame frame) =>
        frame.Depth is < 1 or > MostLevels || frame.Top is < 1 or > MostChildren
            ? throw NodeWire.Impossible($"{frame.Top} actors on {frame.Depth} levels")
            : new FindActors(frame.Number, NodeWire.Read(frame.Asker), new AuthRegistry.GetActors(null, frame.Depth, frame.Top));

    /// <inheritdoc cref="Write(FindActors)"/>
    public static ActorsFoundFrame Write(ActorsFound message)
    {
        var frame = new ActorsFoundFrame
        {
            Number = message.Number, Node = NodeWire.Write(message.Node), Name = message.Actors.Node ?? "",
        };
        if (message.Actors.View is not { } view)
            return frame;
        frame.IsCut = view.IsCut;
        frame.Types_.AddRange(view.Types.Select(Write));
        frame.Messages.AddRange(view.Messages.Select(Write));
        frame.Roots.AddRange(view.Roots.Select(root => Write(root, root.Path)));
        return frame;
    }

    /// <inheritdoc cref="Read(FindActorsFrame)"/>
    public static ActorsFound Read(ActorsFoundFrame frame) => frame.Messages.Count > ActorView.MostMessages
        ? throw NodeWire.Impossible($"{frame.Messages.Count} types of messages")
        : new ActorsFound(
            frame.Number,
            NodeWire.Read(frame.Node),
            new AuthRegistry.Actors(
                frame.Name,
                frame.Roots.Count == 0
                    ? null
                    : new ActorView([.. frame.Types_.Select(Read)], [.. frame.Roots.Select(root => Read(root, root.Name))], frame.IsCut)
                    {
                        Messages = [.. frame.Messages.Select(Read)],
                    }));

    private static ActorTypeFrame Write(ActorTypeSummary type)
    {
        var frame = new ActorTypeFrame
        {
            Name = type.Name,
            Live = type.Live,
            Started = type.Started,
            Failed = type.Failed,
            Restarted = type.Restarted,
            Messages = type.Messages,
            Waiting = type.Waiting,
            Peak = type.Peak,
            Timed = type.Timed,
            HandlingSeconds = type.HandlingSeconds,
            WaitingSeconds = type.WaitingSeconds,
        };
        if (type.PerSecond is { } rate)
            frame.PerSecond = rate;
        return frame;
    }

    private static ActorTypeSummary Read(ActorTypeFrame frame) =>
        new(frame.Name, frame.Live, frame.Started, frame.Failed, frame.Restarted, frame.Messages, frame.Waiting, frame.Peak)
        {
            Timed = frame.Timed,
            HandlingSeconds = FiguresWire.Finite(frame.HandlingSeconds),
            WaitingSeconds = FiguresWire.Finite(frame.WaitingSeconds),
            PerSecond = frame.HasPerSecond ? FiguresWire.Finite(frame.PerSecond) : null,
        };

    private static MessageProfileFrame Write(MessageProfile profile)
    {
        var frame = new MessageProfileFrame
        {
            Actor = profile.Actor, Message = profile.Message, Handled = profile.Handled, Failed = profile.Failed, Timed = profile.Timed,
        };
        if (profile.PerSecond is { } rate)
            frame.PerSecond = rate;
        if (profile.Busy is { } busy)
            frame.Busy = busy;
        if (profile.Waiting is { Median: { } waitingMedian, P99: { } waitingP99 })
            (frame.WaitingMedian, frame.WaitingP99) = (waitingMedian, waitingP99);
        if (profile.Handling is { Median: { } handlingMedian, P99: { } handlingP99 })
            (frame.HandlingMedian, frame.HandlingP99) = (handlingMedian, handlingP99);
        return frame;
    }

    private static MessageProfile Read(MessageProfileFrame frame) => new(frame.Actor, frame.Message, frame.Handled, frame.Failed, frame.Timed)
    {
        PerSecond = frame.HasPerSecond ? FiguresWire.Finite(frame.PerSecond) : null,
        Busy = frame.HasBusy ? FiguresWire.Finite(frame.Busy) : null,
        Waiting = new MessageTimes(
            frame.HasWaitingMedian ? FiguresWire.Finite(frame.WaitingMedian) : null, frame.HasWaitingP99 ? FiguresWire.Finite(frame.WaitingP99) : null),
        Handling = new MessageTimes(
            frame.HasHandlingMedian ? FiguresWire.Finite(frame.HandlingMedian) : null, frame.HasHandlingP99 ? FiguresWire.Finite(frame.HandlingP99) : null),
    };

    private static ActorFrame Write(ActorTree.Node actor, string name)
    {
        var frame = new ActorFrame
        {
            Name = name,
            Type = actor.Type,
            Mailbox = actor.Mailbox,
            Children = actor.Children,
            Shown = { actor.Shown.Select(child => Write(child, child.Path[(child.Path.LastIndexOf('/') + 1)..])) },
        };
        if (actor.State is { } state)
            frame.State = state;
        if (actor.Age is { } age)
            frame.AgeMs = (long)age.TotalMilliseconds;
        return frame;
    }

    private static ActorTree.Node Read(ActorFrame frame, string path) => new(
        path,
        frame.Type,
        frame.HasState ? frame.State : null,
        frame.Mailbox,
        frame.HasAgeMs ? TimeSpan.FromMilliseconds(frame.AgeMs) : null,
        frame.Children,
        [.. frame.Shown.Select(child => Read(child, $"{path}/{child.Name}"))]);
}
