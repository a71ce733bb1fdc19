using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Admin.Logs;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Telemetry;
using Microsoft.Playwright;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Dashboard;

/// <summary>The dashboard in a real browser, with a cluster behind it whose answers are the test's.</summary>
[Collection(Alone.Name)]
public sealed class DashboardTests
{
    private const string Hostile = "</td><script>window.hit=1</script><img src=x onerror=window.hit=1>\"'\u001b[2J\u202Egnp";

    [NeedsToolFact(Browser.Chromium)]
    public async Task It_opens_with_a_token_shows_the_cluster_and_complains_of_nothing()
    {
        await using var node = await AdminNode.StartAsync();
        node.Users.Merge([AdminNode.Record("alice") with { MaxSessions = 4 }]);
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n2", "alice", "192.0.2.7:4711"));
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);

        await TextAsync(browser, "#nodes", "n1", "n2", "leaving", "50 %");
        await TextAsync(browser, "#sessions-rows", "alice", "192.0.2.7:4711", "example.com:443", "4.3 GB", "1 m 1 s");
        await TextAsync(browser, "#users-rows", "alice", "1 of 4");
        await Assertions.Expect(browser.Page.Locator("#link-state")).ToHaveTextAsync("Live");
        node.Feed.Tell(new NodeReport(new NodeIncarnation("a", 1), "n1", IsDraining: false, 1234, FakeCluster.Figures));
        await TextAsync(browser, "#figures", "1,246");
        await TextAsync(browser, "#refusals-rows", "bad credentials");
        node.Feed.Tell(new NodeEvents(new NodeIncarnation("a", 1), "n2", 0, [new FeedEvent(FeedKind.NodeChanged, 0) { Reason = "unreachable" }]));
        await TextAsync(browser, "#events-rows", "node n2 unreachable");

        // A tab has it, and no cookie.
        Assert.Equal(AdminNode.Token, await browser.Page.EvaluateAsync<string>("sessionStorage.getItem('akkasocks-token')"));
        Assert.Equal("", await browser.Page.EvaluateAsync<string>("document.cookie"));
        Assert.Empty(browser.Complaints);
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task A_wrong_token_is_told_where_to_find_the_right_one_and_forgetting_it_shuts_the_door()
    {
        await using var node = await AdminNode.StartAsync();
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, "no-such-token");
        await TextAsync(browser, "#door-problem", "admin.token", "AKKASOCKS_ADMIN_TOKEN");

        await browser.SignInAsync(node.Url, AdminNode.Token);
        await TextAsync(browser, "#nodes", "n1");
        await browser.Page.ClickAsync("#forget");

        await Assertions.Expect(browser.Page.Locator("#door-form")).ToBeVisibleAsync();
        await Assertions.Expect(browser.Page.Locator("#view")).ToBeHiddenAsync();
        Assert.Null(await browser.Page.EvaluateAsync<string?>("sessionStorage.getItem('akkasocks-token')"));
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task What_clients_send_is_shown_as_text_and_runs_nothing()
    {
        await using var node = await AdminNode.StartAsync();
        var name = new UserName(Encoding.UTF8.GetBytes(Hostile));
        node.Users.Merge([new UserRecord { Name = name, Password = "$argon2id$", Revision = 1 }]);
        node.Cluster.Add(SessionEndpointsTests.Session(1, "<b>n2", "x", "192.0.2.7:4711") with { User = name, Destination = Hostile, Listener = Hostile });
        node.Cluster.Refusals = [RefusalEndpointsTests.Refused(1) with { Reason = "bad-credentials", User = name, Destination = Hostile, Node = Hostile }];
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);
        await Assertions.Expect(browser.Page.Locator("#link-state")).ToHaveTextAsync("Live");
        var elements = await ElementsAsync(browser);
        node.Feed.Tell(new NodeEvents(new NodeIncarnation("a", 1), Hostile, 0,
        [
            new FeedEvent(FeedKind.SessionRefused, 0)
            {
                Session = new SessionId(1), User = name, Client = new IPEndPoint(IPAddress.Loopback, 1), Destination = Hostile, End = "refused", Reason = Hostile,
            },
        ]));

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "bad credentials" }).ClickAsync();
        await browser.Page.Locator("#why-list button").ClickAsync();
        foreach (var place in new[] { "#sessions-rows", "#users-rows", "#events-rows", "#why-list", "#why-answer" })
            await TextAsync(browser, place, "</td><script>window.hit=1</script><img src=x onerror=window.hit=1>\"'\\u{1b}[2J\\u{202e}gnp");
        Assert.True(await browser.Page.EvaluateAsync<bool>("window.hit === undefined"));
        Assert.Equal(elements, await ElementsAsync(browser));
        Assert.Empty(browser.Complaints);
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task Even_a_script_that_got_into_the_page_would_not_run()
    {
        await using var node = await AdminNode.StartAsync();
        await using var browser = await Browser.StartAsync();
        await browser.Page.GotoAsync(node.Url);

        // As a defect of the dashboard would: by a sink of HTML, and by an element with its code in it.
        var isHtmlRefused = await browser.Page.EvaluateAsync<bool>(
            "() => { try { document.body.innerHTML = '<b>x</b>'; return false; } catch { return true; } }");
        var isCodeRefused = await browser.Page.EvaluateAsync<bool>(
            "() => { try { document.body.setAttribute('onclick', 'window.hit = 1'); document.body.click(); return false; } catch { return true; } }");

        Assert.True(isHtmlRefused);
        Assert.True(isCodeRefused);
        Assert.True(await browser.Page.EvaluateAsync<bool>("window.hit === undefined"));
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task A_hundred_thousand_sessions_are_searched_ordered_and_paged_through()
    {
        await using var node = await AdminNode.StartAsync();
        for (var id = 1UL; id <= 100_000; id++)
            Add(node.Cluster.Live, id);
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);

        await TextAsync(browser, "#sessions-note", "100,000");
        await TextAsync(browser, "#sessions-page", "1–20");
        Assert.Equal(20, await browser.Page.Locator("#sessions-rows tr").CountAsync());
        await TextAsync(browser, "#sessions-rows tr:first-child", "user99999");

        await browser.Page.ClickAsync("#sessions-next");
        await TextAsync(browser, "#sessions-page", "21–40");
        await TextAsync(browser, "#sessions-rows tr:first-child", "user99979");

        await browser.Page.ClickAsync("[data-sort=destinationToClient] button");
        await TextAsync(browser, "#sessions-rows tr:first-child", "user0");
        Assert.Equal("ascending", await browser.Page.GetAttributeAsync("[data-sort=destinationToClient]", "aria-sort"));

        await browser.Page.PressAsync("body", "/");
        await browser.Page.Keyboard.TypeAsync("user4242");
        await TextAsync(browser, "#sessions-note", "11 found");
        Assert.Equal(11, await browser.Page.Locator("#sessions-rows tr").CountAsync());
        await browser.Page.FillAsync("#sessions-search", "nobody");
        await TextAsync(browser, "#sessions-empty", "No session fits");
        Assert.Empty(browser.Complaints);
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task A_session_is_ended_by_its_button()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n2", "alice", "192.0.2.7:4711"));
        node.Cluster.Add(SessionEndpointsTests.Session(2, "n2", "bob", "192.0.2.7:4712"));
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);

        await browser.Page.GetByLabel("End session 0000000000001").ClickAsync();

        await TextAsync(browser, "#toasts", "Session 0000000000001 was ended.");
        await Assertions.Expect(browser.Page.Locator("#sessions-rows tr")).ToHaveCountAsync(1);
        Assert.Equal(2UL, Assert.Single(node.Cluster.Sessions).Key);
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task A_node_drains_when_that_was_meant_and_its_progress_is_seen()
    {
        await using var node = await AdminNode.StartAsync();
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Drain n1", Exact = true }).First.ClickAsync();
        await TextAsync(browser, "#ask", "Drain n1?", "3 sessions");
        await browser.Page.PressAsync("#ask", "Escape");
        Assert.DoesNotContain(node.Cluster.Nodes, it => it is { IsSelf: true, IsDraining: true });

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Drain n1", Exact = true }).First.ClickAsync();
        await browser.Page.ClickAsync("#ask-yes");
        await TextAsync(browser, "#toasts", "n1 drains.");
        await TextAsync(browser, "#nodes", "draining", "3 of 3 left");
        node.Cluster.Nodes = [.. node.Cluster.Nodes.Select(it => it.IsSelf ? it with { Sessions = 1 } : it)];
        await TextAsync(browser, "#nodes", "1 of 3 left");
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task Charts_begin_with_what_the_nodes_did_before()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.History =
        [
            new NodeHistory.Line("n1", [.. Enumerable.Range(1, 35).Reverse().Select(i => new NodeHistory.Point(TimeSpan.FromSeconds(i * 5), 3, 2, 1, 5e6, 9e6, 0.5))]),
        ];
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);

        // In the middle of the chart, where what has happened since the page was opened is long to come.
        await browser.Page.WaitForFunctionAsync(
            """
            () => ["traffic", "arrivals"].every(id => {
              const canvas = document.getElementById(id);
              const pixels = canvas.getContext("2d").getImageData(canvas.width / 2, 0, 1, canvas.height).data;
              const accent = getComputedStyle(canvas).getPropertyValue("--accent").match(/[0-9a-f]{2}/g).map(it => parseInt(it, 16));
              for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3] > 200 && accent.every((it, c) => Math.abs(it - pixels[i + c]) < 40)) return true;
              return false;
            })
            """);

        // Looking at the pixels more than once is what this test does, not the page.
        Assert.DoesNotContain(browser.Complaints, it => !it.Contains("Canvas2D: Multiple readback", StringComparison.Ordinal));
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task What_each_type_of_actors_does_is_shown_for_any_node()
    {
        await using var node = await AdminNode.StartAsync();
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);

        await TextAsync(browser, "#actors-types", "session", "13", "123 µs", "5.0 ms", "6,400");
        await TextAsync(browser, "#actors-tree", "auth", "AuthRegistry");
        await Assertions.Expect(browser.Page.Locator("#actors-messages")).ToBeHiddenAsync();
        await browser.Page.ClickAsync("#actors-profile summary");
        await TextAsync(browser, "#actors-messages", "session.time-up", "13", "123 µs", "456 µs", "5.0 ms", "42.0 ms", "100", "6,400");
        await Assertions.Expect(browser.Page.Locator("#actors-node option")).ToHaveCountAsync(2);
        var asked = browser.Page.WaitForRequestAsync("**/v1/actors?**node=n2");
        await browser.Page.SelectOptionAsync("#actors-node", "n2");
        await asked;
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task The_log_is_shown_as_it_is_written_as_text_by_level_and_node()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Log = [LogEndpointsTests.Line("n2", 1, "before"), LogEndpointsTests.Line("n1", 2, "no secret", LogLevel.InfoLevel)];
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);
        await TextAsync(browser, "#log-rows", "before", "no secret");
        var elements = await ElementsAsync(browser);

        node.LogFeed.Tell(new NodeLog(new NodeIncarnation("a", 1), Hostile, 3,
            [LogEndpointsTests.Line("n2", 7, $"{Hostile}\n   at {Hostile}", LogLevel.ErrorLevel).Line]));

        await TextAsync(browser, "#log-rows", "</td><script>window.hit=1</script>", "\\u{1b}[2J\\u{202e}gnp", "error");
        await TextAsync(browser, "#log-note", "3 more were too fast to show");
        Assert.True(await browser.Page.EvaluateAsync<bool>("window.hit === undefined"));
        Assert.Equal(elements, await ElementsAsync(browser));

        await browser.Page.SelectOptionAsync("#log-level", "warning");
        await Assertions.Expect(browser.Page.Locator("#log-rows")).Not.ToContainTextAsync("no secret");
        await TextAsync(browser, "#log-rows", "before");
        await browser.Page.SelectOptionAsync("#log-node", "n1");
        await Assertions.Expect(browser.Page.Locator("#log-rows li")).ToHaveCountAsync(0);
        Assert.Empty(browser.Complaints);
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task Whoever_may_only_look_sees_no_log()
    {
        await using var node = await AdminNode.StartAsync();
        await using var browser = await Browser.StartAsync();
        var asked = new ConcurrentQueue<string>();
        browser.Page.Request += (_, request) => asked.Enqueue(request.Url);
        await browser.SignInAsync(node.Url, AdminNode.ReadToken);

        await Assertions.Expect(browser.Page.Locator("#link-state")).ToHaveTextAsync("Live");
        await TextAsync(browser, "#nodes", "n1");
        await Assertions.Expect(browser.Page.Locator("#log")).ToBeHiddenAsync();
        Assert.Contains(asked, url => url.Contains("/v1/events", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, url => url.Contains("/v1/log", StringComparison.Ordinal));
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task Somebody_is_banned_when_that_was_meant_and_the_ban_is_lifted()
    {
        await using var node = await AdminNode.StartAsync();
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);

        await browser.Page.FillAsync("#ban-address", "192.0.2.9");
        await browser.Page.FillAsync("#ban-reason", "scans ports");
        await browser.Page.PressAsync("#ban-reason", "Enter");
        await TextAsync(browser, "#ask", "Ban at 192.0.2.9?");
        await browser.Page.ClickAsync("#ask-yes");
        await TextAsync(browser, "#bans-rows", "192.0.2.9", "operator", "scans ports");
        Assert.Single(node.Cluster.Guard.Bans(), ban => !ban.IsLifted);

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Lift the ban of everybody at 192.0.2.9" }).ClickAsync();
        await TextAsync(browser, "#toasts", "The ban was lifted.");
        await Assertions.Expect(browser.Page.Locator("#bans-rows tr")).ToHaveCountAsync(0);
        Assert.DoesNotContain(node.Cluster.Guard.Bans(), ban => !ban.IsLifted);
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task Who_may_only_look_is_offered_nothing_to_change()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n2", "alice", "192.0.2.7:4711"));
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.ReadToken);

        await TextAsync(browser, "#sessions-rows", "alice");
        await Assertions.Expect(browser.Page.Locator(".kill:visible, .node-foot button:visible, .lift:visible, #bans-form:visible")).ToHaveCountAsync(0);
    }

    [NeedsToolTheory(Browser.Chromium)]
    [InlineData(390, false)]
    [InlineData(390, true)]
    [InlineData(1280, true)]
    public async Task It_fits_the_window_in_the_colours_that_are_preferred_and_they_can_be_turned(int width, bool isDark)
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n2", new string('u', 200), "192.0.2.7:4711") with { Destination = new string('d', 250) });
        await using var browser = await Browser.StartAsync(width, isDark: isDark);
        await browser.SignInAsync(node.Url, AdminNode.Token);
        await TextAsync(browser, "#sessions-rows", "uuuu");

        Assert.InRange(await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
        Assert.Equal(isDark ? "dark" : "light", await ThemeAsync(browser));
        await browser.Page.ClickAsync("#theme");
        Assert.Equal(isDark ? "light" : "dark", await ThemeAsync(browser));
        await browser.Page.ReloadAsync();
        Assert.Equal(isDark ? "light" : "dark", await ThemeAsync(browser));
        await TextAsync(browser, "#sessions-rows", "uuuu");
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task Everything_that_can_be_pressed_is_reached_by_the_keyboard_and_has_a_name()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n2", "alice", "192.0.2.7:4711"));
        await using var browser = await Browser.StartAsync();
        await browser.SignInAsync(node.Url, AdminNode.Token);
        await TextAsync(browser, "#sessions-rows", "alice");

        var nameless = await browser.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("button, a, input, select, canvas")].filter(it => it.checkVisibility() && it.ariaHidden !== "true")
              .filter(it => !(it.textContent.trim() || it.ariaLabel || it.labels?.length)).map(it => it.outerHTML)
            """);
        Assert.Empty(nameless);
        var unreached = await browser.Page.EvaluateAsync<string[]>(
            """() => [...document.querySelectorAll("button, a[href], input, select")].filter(it => it.checkVisibility() && it.tabIndex < 0).map(it => it.outerHTML)""");
        Assert.Empty(unreached);
    }

    [NeedsToolFact(Browser.Chromium)]
    public async Task A_session_is_found_and_ended_a_node_drained_and_a_request_explained_without_a_mouse()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n2", "alice", "192.0.2.7:4711"));
        node.Cluster.Add(SessionEndpointsTests.Session(2, "n2", "bob", "192.0.2.7:4712"));
        node.Cluster.Refusals = [RefusalEndpointsTests.Refused(1) with { Reason = "bad-credentials" }];
        await using var browser = await Browser.StartAsync();
        var (page, keys) = (browser.Page, browser.Page.Keyboard);
        await page.GotoAsync(node.Url);
        await TabToAsync(browser, "#token");
        await keys.TypeAsync(AdminNode.Token);
        await keys.PressAsync("Enter");
        await TextAsync(browser, "#sessions-rows", "alice", "bob");

        await keys.PressAsync("/");
        await keys.TypeAsync("bob");
        await TextAsync(browser, "#sessions-note", "found");
        await TabToAsync(browser, "[aria-label='End session 0000000000002']");
        await keys.PressAsync("Enter");
        await TextAsync(browser, "#toasts", "Session 0000000000002 was ended.");

        await TabToAsync(browser, "#refusals-rows button");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#why")).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#why")).ToBeHiddenAsync();

        await TabToAsync(browser, ".node-foot button", "Shift+Tab");
        await keys.PressAsync("Enter");
        await TabToAsync(browser, "#ask-yes");
        await keys.PressAsync("Enter");
        await TextAsync(browser, "#toasts", " drains.");
        Assert.Single(node.Cluster.Sessions);
        Assert.Empty(browser.Complaints);
    }

    // As who has no mouse gets there: one key, and what it has led to is in sight.
    private static async Task TabToAsync(Browser browser, string place, string key = "Tab")
    {
        for (var pressed = 0; pressed < 200; pressed++)
        {
            await browser.Page.Keyboard.PressAsync(key);
            if (await browser.Page.EvaluateAsync<bool>(
                "place => document.activeElement.matches(place) && document.activeElement.checkVisibility() && document.activeElement.matches(':focus-visible')", place))
                return;
        }

        Assert.Fail($"{key} does not lead to {place}");
    }

    // What text there is, in capitals or not and with one blank between words; waits for it.
    private static async Task TextAsync(Browser browser, string place, params string[] texts)
    {
        foreach (var text in texts)
            await Assertions.Expect(browser.Page.Locator(place)).ToContainTextAsync(text, new() { Timeout = 60_000 });
    }

    private static Task<string> ThemeAsync(Browser browser) => browser.Page.EvaluateAsync<string>("document.documentElement.dataset.theme");

    // Of the kinds that a client could want to have here.
    private static Task<int> ElementsAsync(Browser browser) =>
        browser.Page.EvaluateAsync<int>("document.querySelectorAll('script, img, iframe, object, embed, style, link, base, meta').length");

    private static void Add(LiveSessions live, ulong id)
    {
        var record = new SessionRecord(new SessionId(id), "main", new IPEndPoint(new IPAddress((long)id), 40000), Environment.TickCount64)
        {
            DestinationToClient = (long)id * 1000,
        };
        live.Add(0, ActorRefs.Nobody, record).AdmittedAs = new UserRecord { Name = UserName.FromText($"user{id - 1}"), Password = "" };
    }
}
