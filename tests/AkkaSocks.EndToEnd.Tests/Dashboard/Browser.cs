using System.Collections;
using System.Collections.Concurrent;
using AkkaSocks.EndToEnd.Tests.Harness;
using Microsoft.Playwright;

namespace AkkaSocks.EndToEnd.Tests.Dashboard;

/// <summary>Debian's Chromium, without a window, with a profile of its own.</summary>
public sealed class Browser : IAsyncDisposable
{
    /// <summary>What tests of the dashboard need.</summary>
    public const string Chromium = "chromium";

    // The browser is to do nothing but what the page has it do, and needs neither a display nor rights.
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser, IPage page, ConcurrentQueue<string> complaints) =>
        (_playwright, _browser, Page, Complaints) = (playwright, browser, page, complaints);

    public IPage Page { get; }

    /// <summary>Errors and warnings in the page's console, exceptions of its scripts, and loads that failed.</summary>
    public IReadOnlyCollection<string> Complaints { get; }

    /// <summary>Starts one.</summary>
    /// <param name="width">Of its window.</param>
    /// <param name="height">Of its window.</param>
    /// <param name="isDark">What it prefers.</param>
    /// <param name="proxy">The proxy of all it asks for; null for none.</param>
    /// <param name="home">Whose authorities it trusts (.pki/nssdb in there); null for whoever runs the tests.</param>
    public static async Task<Browser> StartAsync(
        int width = 1280, int height = 900, bool isDark = false, string? proxy = null, string? home = null)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Tool.Find(Chromium),
            Args = Flags,
            Timeout = 120_000,
            Proxy = proxy is null ? null : new() { Server = proxy },
            Env = home is null ? null : [KeyValuePair.Create("HOME", home), .. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .Where(it => (string)it.Key != "HOME").Select(it => KeyValuePair.Create((string)it.Key, (string)it.Value!))],
        });
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        var complaints = new ConcurrentQueue<string>();
        page.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning")
                complaints.Enqueue($"{said.Type}: {said.Text}");
        };
        page.PageError += (_, error) => complaints.Enqueue($"exception: {error}");
        return new Browser(playwright, browser, page, complaints);
    }

    /// <summary>Opens the dashboard with a token.</summary>
    public async Task SignInAsync(string url, string token)
    {
        await Page.GotoAsync(url);
        await Page.FillAsync("#token", token);
        await Page.PressAsync("#token", "Enter");
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
