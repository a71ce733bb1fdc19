using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Mitm.Interception;

/// <summary>Whom a lesson is about: a user, else an address; neither for everybody.</summary>
internal readonly record struct Learner(UserName? User, IPAddress? Address)
{
    /// <summary>Everybody.</summary>
    public static readonly Learner Everybody;

    /// <summary>The client of a tunnel.</summary>
    public static Learner Of(UserName? user, IPAddress client) => user is null ? new Learner(null, client) : new Learner(user, null);
}

/// <summary>Something that was learned, and holds.</summary>
/// <param name="Who">Whom it is about.</param>
/// <param name="Name">The name that TLS asks for.</param>
/// <param name="Reason">Why it is passed through.</param>
/// <param name="Until">When it is forgotten.</param>
internal sealed record Learned(Learner Who, string Name, InterceptOutcome Reason, DateTimeOffset Until);

/// <summary>
/// What has been learned of clients that refuse our certificates and origins that want one of the client's: such tunnels are passed
/// through. It forgets after a while, and when there is too much of it.
/// </summary>
internal sealed class PassThroughMemory(PinningSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan SilenceWindow = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Learner Who, string Name), Lesson> _lessons = [];
    private readonly Queue<((Learner, string) Key, Lesson Lesson)> _ages = new();

    /// <summary>What holds now.</summary>
    public ImmutableArray<Learned> All
    {
        get
        {
            var now = clock.GetUtcNow();
            lock (_lock)
            {
                return
                [
                    .. _lessons.Where(it => it.Value.Outcome is not null && it.Value.Until > now)
                        .Select(it => new Learned(it.Key.Who, it.Key.Name, it.Value.Outcome!.Value, it.Value.Until)),
                ];
            }
        }
    }

    /// <summary>Why a tunnel is to be passed through, and for how long; null where it is not.</summary>
    public Learned? Find(Learner who, string name)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
            return Holding(who) ?? Holding(Learner.Everybody);

        Learned? Holding(Learner learner) =>
            _lessons.TryGetValue((learner, name), out var lesson) && lesson.Until > now && lesson.Outcome is { } reason
                ? new Learned(learner, name, reason, lesson.Until)
                : null;
    }

    /// <summary>Learns from what became of a tunnel.</summary>
    public void Learn(Learner who, string name, InterceptOutcome outcome)
    {
        if (!settings.Learn)
            return;
        lock (_lock)
        {
            switch (outcome)
            {
                case InterceptOutcome.ClientRefused:
                    Remember(who, name, InterceptOutcome.Pinned);
                    break;
                case InterceptOutcome.ClientCertificate:
                    Remember(Learner.Everybody, name, InterceptOutcome.ClientCertificate);
                    break;
                case InterceptOutcome.ClientSilent:
                    CountSilence(who, name);
                    break;
            }
        }
    }

    private void CountSilence(Learner who, string name)
    {
        var now = clock.GetUtcNow();
        var before = _lessons.TryGetValue((who, name), out var lesson) && lesson.Outcome is null && lesson.Until > now ? lesson : null;
        var silences = (before?.Silences ?? 0) + 1;
        if (silences >= settings.SilentFailures)
            Remember(who, name, InterceptOutcome.Pinned);
        else if (before is not null)
            before.Silences = silences;
        else
            Put(who, name, new Lesson(null, now + SilenceWindow) { Silences = silences });
    }

    private void Remember(Learner who, string name, InterceptOutcome outcome) =>
        Put(who, name, new Lesson(outcome, clock.GetUtcNow() + settings.Ttl));

    private void Put(Learner who, string name, Lesson lesson)
    {
        _lessons[(who, name)] = lesson;
        _ages.Enqueue(((who, name), lesson));
        while (_ages.Count > settings.MaxEntries)
        {
            // Replaced meanwhile it is another, younger one.
            var (key, oldest) = _ages.Dequeue();
            if (_lessons.TryGetValue(key, out var current) && current == oldest)
                _lessons.Remove(key);
        }
    }

    private sealed class Lesson(InterceptOutcome? outcome, DateTimeOffset until)
    {
        /// <summary>Null while only silences have been counted.</summary>
        public InterceptOutcome? Outcome => outcome;

        public DateTimeOffset Until => until;

        public int Silences { get; set; }
    }
}
