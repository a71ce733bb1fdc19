using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Dashboard;

/// <summary>
/// The dashboard: files of <c>web/</c>, within the executable. They hold no figures and no secrets, so they are open to whoever
/// gets to the API's port; what they show, they ask the API for with the token that the operator enters.
/// </summary>
internal static class DashboardFiles
{
    private const string Prefix = "dashboard/";
    private const string Page = Prefix + "index.html";
    private static readonly Assembly Here = typeof(DashboardFiles).Assembly;

    private static readonly FrozenDictionary<string, string> MediaTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    /// <summary>Every file there is, by its path.</summary>
    public static readonly FrozenSet<string> Paths = Here.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => name == Page ? "/" : $"/{name}")
        .ToFrozenSet();

    /// <summary>Serves them.</summary>
    public static void Map(WebApplication app)
    {
        foreach (var path in Paths)
            app.MapMethods(path, ["GET"], context => SendAsync(context.Response, path == "/" ? Page : path[1..]));
    }

    private static async Task SendAsync(HttpResponse response, string resource)
    {
        await using var file = Here.GetManifestResourceStream(resource)!;
        response.ContentType = MediaTypes[Path.GetExtension(resource)];
        response.ContentLength = file.Length;
        await file.CopyToAsync(response.Body, response.HttpContext.RequestAborted);
    }
}
