using System.Collections.Immutable;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>The operator's inspectors, one after the other.</summary>
internal sealed class Inspectors
{
    private const string Failed = "inspector-failed";

    private readonly ImmutableArray<(IHttpInspector Inspector, InspectorError OnError)> _all;

    /// <summary>Creates them.</summary>
    /// <exception cref="ExtensionUnavailableException">One cannot be had.</exception>
    public Inspectors(ImmutableArray<InspectorSettings> settings) => _all =
        [.. settings.Select(it => (ExtensionTypes.Create<IHttpInspector>(it.Type, "mitm.inspectors"), it.OnError))];

    /// <summary>Asks them before a request goes on.</summary>
    /// <returns>True when there is a response, so that the origin is not asked.</returns>
    public async ValueTask<bool> OnRequestAsync(HttpContext context, InterceptedSession session)
    {
        foreach (var (inspector, onError) in _all)
        {
            try
            {
                if (await inspector.OnRequestAsync(context, Of(session)).ConfigureAwait(false))
                    return true;
            }
            catch (Exception defect)
            {
                // Somebody else's code: whatever it throws, the exchange is what was asked for.
                context.Features.Set(new InspectorFault(inspector.GetType(), defect));
                if (onError == InspectorError.Closed || context.Response.HasStarted)
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
        foreach (var (inspector, onError) in _all)
        {
            try
            {
                body = await inspector.OnResponseAsync(context, body, Of(session)).ConfigureAwait(false);
            }
            catch (Exception defect)
            {
                context.Features.Set(new InspectorFault(inspector.GetType(), defect));
                if (onError == InspectorError.Closed)
                {
                    await RefuseAsync(context).ConfigureAwait(false);
                    return null;
                }
            }
        }

        return body;
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
