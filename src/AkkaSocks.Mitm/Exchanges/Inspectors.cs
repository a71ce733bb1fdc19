using System.Collections.Immutable;
using System.Numerics;
using Akka.Event;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>The operator's inspectors, one after the other.</summary>
internal sealed class Inspectors
{
    private const string Failed = "inspector-failed";

    private readonly ImmutableArray<(IHttpInspector Inspector, InspectorSettings Settings)> _all;
    private long _faults;

    /// <summary>Creates them.</summary>
    /// <exception cref="ExtensionUnavailableException">One cannot be had.</exception>
    public Inspectors(ImmutableArray<InspectorSettings> settings)
        : this(settings, [])
    {
    }

    private Inspectors(
        ImmutableArray<InspectorSettings> settings, ImmutableArray<(IHttpInspector Inspector, InspectorSettings Settings)> before)
    {
        var left = before.ToList();
        _all = [.. settings.Select(it => (Find(it.Type) ?? ExtensionTypes.Create<IHttpInspector>(it.Type, "mitm.inspectors"), it))];

        IHttpInspector? Find(string type)
        {
            var at = left.FindIndex(it => it.Settings.Type == type);
            if (at < 0)
                return null;
            var found = left[at].Inspector;
            left.RemoveAt(at);
            return found;
        }
    }

    /// <summary>Where it is told that one has thrown; to be set when there is a log.</summary>
    public ILoggingAdapter Log { get; set; } = NoLogger.Instance;

    /// <summary>Those of other settings: who is named again is the same, with all that it remembers.</summary>
    /// <exception cref="ExtensionUnavailableException">A new one cannot be had.</exception>
    public Inspectors Next(ImmutableArray<InspectorSettings> settings) => new(settings, _all) { Log = Log };

    /// <summary>Asks them before a request goes on.</summary>
    /// <returns>True when there is a response, so that the origin is not asked.</returns>
    public async ValueTask<bool> OnRequestAsync(HttpContext context, InterceptedSession session)
    {
        foreach (var (inspector, settings) in _all)
        {
            try
            {
                if (await inspector.OnRequestAsync(context, Of(session)).ConfigureAwait(false))
                    return true;
            }
            catch (Exception defect)
            {
                // Somebody else's code: whatever it throws, the exchange is what was asked for.
                Note(context, inspector, defect);
                if (settings.OnError == InspectorError.Closed || context.Response.HasStarted)
                {
                    await RefuseAsync(context).ConfigureAwait(false);
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Asks them before a response goes on.</summary>
    /// <returns>The body that goes to the client; null when there is another response.</returns>
    public async ValueTask<Stream?> OnResponseAsync(HttpContext context, Stream body, InterceptedSession session)
    {
        foreach (var (inspector, settings) in _all)
        {
            try
            {
                body = await inspector.OnResponseAsync(context, body, Of(session)).ConfigureAwait(false);
            }
            catch (Exception defect)
            {
                Note(context, inspector, defect);
                if (settings.OnError == InspectorError.Closed)
                {
                    await RefuseAsync(context).ConfigureAwait(false);
                    return null;
                }
            }
        }

        return body;
    }

    /// <summary>A defect that shows with every exchange must not fill the log: it is told when it is the first, second, fourth, eighth …
    /// </summary>
    private void Note(HttpContext context, IHttpInspector inspector, Exception defect)
    {
        context.Features.Set(new InspectorFault(inspector.GetType(), defect));
        var count = Interlocked.Increment(ref _faults);
        if (BitOperations.IsPow2(count))
            Log.Warning(defect, "An inspector has thrown, {0} so far: {1}", count, inspector.GetType());
    }

    private static Task RefuseAsync(HttpContext context)
    {
        if (!context.Response.HasStarted)
            return OwnAnswer.RefuseAsync(context, StatusCodes.Status500InternalServerError, Failed);
        context.Abort();
        return Task.CompletedTask;
    }

    private static InspectedSession Of(InterceptedSession session) => new(
        session.Session, session.Client, session.User?.ToString(), session.Destination.ToString(), session.IsTls);
}
