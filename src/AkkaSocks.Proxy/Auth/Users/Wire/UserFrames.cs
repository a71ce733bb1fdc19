using System.Collections.Immutable;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;
using Google.Protobuf;

namespace AkkaSocks.Proxy.Auth.Users.Wire;

/// <summary>A record as the <see cref="UserFrame"/> that stands for it, and back.</summary>
internal static class UserFrames
{
    /// <summary>The frame of a record.</summary>
    public static UserFrame Of(UserRecord user)
    {
        var frame = new UserFrame
        {
            Name = ByteString.CopyFrom(user.Name.Bytes),
            Password = user.Password,
            Enabled = user.Enabled,
            Groups = { user.Groups },
            Labels = { user.Labels.Select(label => new LabelFrame { Key = label.Key, Value = label.Value }) },
            Revision = (ulong)user.Revision,
            Writer = user.Writer,
            Deleted = user.Deleted,
        };
        if (user.MaxSessions is { } sessions)
            frame.MaxSessions = sessions;
        if (user.Commands is { } commands)
            frame.Commands = (uint)commands;
        if (user.ExpiresAt is { } time)
            frame.ExpiresAt = time.ToUnixTimeMilliseconds();
        return frame;
    }

    /// <summary>The record of a frame.</summary>
    /// <exception cref="ArgumentException">There can be no such record.</exception>
    public static UserRecord Record(UserFrame frame)
    {
        if (frame.Revision is 0 or > (ulong)HybridClock.MaxRevision)
            throw new ArgumentException($"A user of revision {frame.Revision}.", nameof(frame));
        return new UserRecord
        {
            Name = new UserName(frame.Name.Span),
            Password = frame.Password,
            Enabled = frame.Enabled,
            MaxSessions = frame.HasMaxSessions ? frame.MaxSessions : null,
            Commands = frame.HasCommands ? (CommandSet)frame.Commands : null,
            ExpiresAt = frame.HasExpiresAt ? DateTimeOffset.FromUnixTimeMilliseconds(frame.ExpiresAt) : null,
            Groups = [.. frame.Groups],
            Labels = frame.Labels.Aggregate(
                ImmutableSortedDictionary<string, string>.Empty, (labels, label) => labels.SetItem(label.Key, label.Value)),
            Revision = (long)frame.Revision,
            Writer = string.Intern(frame.Writer),
            Deleted = frame.Deleted,
        };
    }
}
