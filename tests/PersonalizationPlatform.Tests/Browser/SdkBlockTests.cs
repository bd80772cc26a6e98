using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Our own SDK: dynamic blocks in a page.</summary>
public sealed class SdkBlockTests(BrowserHost host) : IClassFixture<BrowserHost>
{
    private const string Visibility = "name => getComputedStyle(document.querySelector(`[data-pp-placement=${name}]`)).visibility";

    [Fact]
    public async Task Blocks_are_placed_and_their_views_and_clicks_arrive()
    {
        var top = await host.BlockAsync("top", """<a href="#there"><b>Sale</b></a>""");
        var below = await host.BlockAsync("below", "<p>Far down</p>");
        var page = host.SdkPage("/blocks", """data-placements="top, below" """, """
            <div data-pp-placement="top">Welcome</div><div style="height:3000px"></div><div data-pp-placement="below">Bye</div><p id="there">There</p>
            """);
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(page);
        await visitor.Page.WaitForSelectorAsync("[data-pp-block=top] b");
        await visitor.Page.WaitForSelectorAsync("[data-pp-block=below]", new() { State = WaitForSelectorState.Attached });
        Assert.Equal("visible", await visitor.RunAsync<string>(Visibility, "top"));
        var device = await visitor.DeviceAsync();
        var seen = (await host.EventsAsync("FPID", device, 2)).Single(e => e.Kind == "decisioning.propositionDisplay");
        Assert.Equal((top, "top"), Proposition(seen));

        await visitor.Page.ClickAsync("[data-pp-block=top] a");
        var clicked = (await Eventually.SuchAsync(
            "The click and the other view", async () => await host.EventsAsync("FPID", device), events => events.Count >= 4)).Skip(2).ToList();
        Assert.Equal((top, "top"), Proposition(clicked.Single(e => e.Kind == "decisioning.propositionInteract")));
        Assert.Equal((below, "below"), Proposition(clicked.Single(e => e.Kind == "decisioning.propositionDisplay")));
        Assert.Empty(visitor.Errors);

        static (string, string) Proposition(StoredEvent e)
        {
            var proposition = Assert.Single(e.Body["_experience"]!["decisioning"]!["propositions"]!.AsArray())!;
            return ((string)proposition["id"]!, (string)proposition["scope"]!);
        }
    }

    [Fact]
    public async Task What_was_just_recorded_decides_and_a_block_that_goes_gives_back_what_was_there()
    {
        await host.Admin.PostJsonAsync("/v1/segments", """
            { "name": "Adders", "key": "adders", "condition": { "type": "happened", "event": "addToCart", "atLeast": 1 } }
            """, HttpStatusCode.Created);
        await host.BlockAsync("adder", "<b>Free delivery</b>", "adders");
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(host.SdkPage("/deciding", "", "<div data-pp-placement=adder><i>Delivery 5 EUR</i></div>"));
        await visitor.RunAsync("() => storefront.blocks()");
        Assert.Equal("Delivery 5 EUR", await visitor.Page.TextContentAsync("[data-pp-placement=adder]"));
        await visitor.RunAsync("() => { storefront.track('addToCart', { items: [{ sku: 'A' }] }); return storefront.blocks(['adder']); }");
        Assert.Equal("Free delivery", await visitor.Page.TextContentAsync("[data-pp-placement=adder]"));
        var decision = await visitor.RunAsync<System.Text.Json.JsonElement>("() => storefront.decide({ placements: ['adder'], cart: { currency: 'EUR', items: [{ id: '1', sku: 'A', price: 10, quantity: 1 }] } })");
        Assert.Equal("adder", decision.GetProperty("blocks").GetProperty("placements").GetProperty("adder")[0].GetProperty("key").GetString());
        Assert.True(decision.TryGetProperty("cart", out _));
        await visitor.RunAsync("() => { storefront.consent('out'); return storefront.blocks(['adder']); }");
        Assert.Equal("<i>Delivery 5 EUR</i>", await visitor.Page.InnerHTMLAsync("[data-pp-placement=adder]"));
    }

    [Fact]
    public async Task Only_what_is_listed_is_hidden_and_no_longer_than_the_time_out()
    {
        await host.BlockAsync("slow", "<b>Late</b>");
        var page = host.SdkPage("/slow", """data-placements="slow" """, """
            <div data-pp-placement="slow">Default</div><div data-pp-placement="other">Other</div>
            <script src="/slow-watch.js"></script>
            """);
        // What the reader sees, frame by frame.
        host.Site.Script(BrowserHost.Shop + "/slow-watch.js", """
            window.seen = [];
            const started = performance.now();
            const look = () => {
                const [slow, other] = [...document.querySelectorAll('[data-pp-placement]')].map((it) => `${it.textContent} ${getComputedStyle(it).visibility}`);
                if (window.seen.at(-1)?.slow != slow || window.seen.at(-1)?.other != other) window.seen.push({ at: performance.now() - started, slow, other });
                requestAnimationFrame(look);
            };
            look();
            """);
        await using var visitor = await host.VisitorAsync();
        var asked = new TaskCompletionSource<IRoute>();
        await visitor.Page.RouteAsync(SdkPages.DecisionsDoor, asked.SetResult);
        await visitor.GoToAsync(page);
        await visitor.UntilAsync("() => window.seen.length == 2");
        // The answer comes now, and is too late.
        var answered = visitor.Page.WaitForResponseAsync(SdkPages.DecisionsDoor);
        await (await asked.Task).ContinueAsync();
        await (await answered).FinishedAsync();
        await visitor.RunAsync("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
        var seen = await visitor.RunAsync<Sight[]>("() => window.seen");
        Assert.Equal(["Default hidden", "Default visible"], seen.Select(it => it.Slow));
        Assert.All(seen, it => Assert.Equal("Other visible", it.Other));
        Assert.InRange(seen[1].At, 300, 5000);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(0)]
    public async Task Without_a_decision_the_page_shows_as_it_is(int status)
    {
        var page = host.SdkPage("/failing-" + status, """data-placements="failing" data-timeout="60000" """, "<div data-pp-placement=failing>Default</div>");
        await using var visitor = await host.VisitorAsync();
        await visitor.Page.RouteAsync(SdkPages.DecisionsDoor, route => status == 0 ? route.AbortAsync() : route.FulfillAsync(new() { Status = status, Body = "oops" }));
        await visitor.GoToAsync(page);
        await Eventually.TrueAsync("The placement", async () => await visitor.RunAsync<string>(Visibility, "failing") == "visible");
        Assert.Equal("Default", await visitor.Page.TextContentAsync("[data-pp-placement]"));
    }

    [Fact]
    public async Task Nothing_in_a_block_runs_and_ordinary_html_stays()
    {
        host.Site.Answer(BrowserHost.Shop + "/picture.png", context => context.Response.WriteAsync(""));
        await host.BlockAsync("hostile", """
            <h2 class="big" onclick="hacked()" style="color: rgb(1, 2, 3)">Title</h2>
            <img src="/picture.png" alt="A bag" onerror="hacked()" loading="eager">
            <img src="x" onerror="hacked()">
            <a href="javascript:hacked()">One</a><a href=" java&#10;script:hacked()">Two</a><a href="/bags" target="_blank">Three</a>
            <script>hacked()</script><iframe srcdoc="<script>parent.hacked()</script>"></iframe>
            <svg><script>hacked()</script><a href="javascript:hacked()"><text>Four</text></a></svg>
            <math><mtext><table><mglyph><style><img src=x onerror=hacked()></style></mglyph></table></mtext></math>
            <form action="/steal"><input name="password"><button formaction="javascript:hacked()">Go</button></form>
            <div id="storefront" name="init" data-bind="html: hacked()" data-content-type="row">Row</div>
            <template><img src=x onerror=hacked()></template><style>body { display: none }</style><base href="https://evil.test/"><meta http-equiv="refresh" content="0;url=/x">
            """);
        await using var visitor = await host.VisitorAsync();
        await visitor.Context.AddInitScriptAsync("window.hacked = () => { window.wasHacked = true; };");
        await visitor.GoToAsync(host.SdkPage("/hostile", """data-placements="hostile" """, "<div data-pp-placement=hostile></div>"));
        await visitor.Page.WaitForSelectorAsync("[data-pp-block=hostile] h2");
        await visitor.RunAsync("() => { for (const it of document.querySelectorAll('[data-pp-block] *')) if (it.getAttribute('target') != '_blank') it.click(); }");
        Assert.Null(await visitor.RunAsync<bool?>("() => window.wasHacked"));
        var html = (await visitor.Page.InnerHTMLAsync("[data-pp-block=hostile]")).ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(
            """<h2class="big"style="color:rgb(1,2,3);">Title</h2><imgsrc="/picture.png"alt="Abag"loading="eager"><imgsrc="x"><a>One</a><a>Two</a><ahref="/bags"target="_blank">Three</a><divdata-content-type="row">Row</div>""",
            html);
    }

    [Fact]
    public async Task A_strict_content_security_policy_has_nothing_to_complain_about()
    {
        var violations = new ConcurrentQueue<string>();
        host.Site.Answer(BrowserHost.Shop + "/violations", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            violations.Enqueue(await reader.ReadToEndAsync());
            context.Response.StatusCode = 204;
        });
        host.Site.Answer(BrowserHost.Shop + "/pixel.png", context => context.Response.WriteAsync(""));
        await host.BlockAsync("strict", """<p style="color: rgb(4, 5, 6)">Styled</p><img src="/pixel.png" alt=""><script>alert(1)</script>""");
        var page = host.SdkPage(
            "/strict", """data-placements="strict" """, "<div data-pp-placement=strict>Default</div>",
            headers: ("Content-Security-Policy",
                $"default-src 'none'; script-src {BrowserHost.FirstParty}; connect-src {BrowserHost.FirstParty}; img-src 'self'; style-src 'self'; base-uri 'none'; "
                + "require-trusted-types-for 'script'; report-uri /violations"));
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(page);
        await visitor.Page.WaitForSelectorAsync("[data-pp-block=strict] p");
        Assert.Equal("rgb(4, 5, 6)", await visitor.RunAsync<string>("() => getComputedStyle(document.querySelector('[data-pp-block] p')).color"));
        await host.EventsAsync("FPID", (await visitor.CookieAsync("pp_device"))!, 2);
        Assert.Empty(violations);
        Assert.Empty(visitor.Errors);
        // Reports do come: a page that breaks its policy is told of.
        await visitor.RunAsync("() => { document.body.setAttribute('style', 'color: red'); }");
        await Eventually.TrueAsync("The report", () => Task.FromResult(!violations.IsEmpty));
    }

    private sealed record Sight
    {
        public double At { get; set; }

        public string Slow { get; set; } = "";

        public string Other { get; set; } = "";
    }
}
