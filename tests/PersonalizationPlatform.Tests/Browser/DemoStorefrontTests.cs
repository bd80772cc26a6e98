using Microsoft.Playwright;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>The service with the demo shop, as browsers reach it.</summary>
public sealed class DemoBrowserHost(PlatformServer server, Chromium chromium) : BrowserHost(server, chromium)
{
    public const string Demo = FirstParty + "/demo";

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => base.Settings.Append(new("Demo:Load", "true"));
}

/// <summary>Somebody plays with the demo storefront, from the first visit to an order.</summary>
public sealed class DemoStorefrontTests(DemoBrowserHost host) : IClassFixture<DemoBrowserHost>
{
    public static TheoryData<int, int> Sizes => new() { { 1280, 860 }, { 390, 844 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task From_the_first_visit_to_an_order_blocks_related_products_and_a_discount_change(int width, int height)
    {
        await using var visitor = await host.VisitorAsync(options => options.ViewportSize = new() { Width = width, Height = height });
        var page = visitor.Page;
        await visitor.GoToAsync(DemoBrowserHost.Demo);
        await SeeAsync(page.Locator(".place-header"), "Free shipping from 80 EUR");
        await SeeAsync(page.Locator(".place-content"), "Made for the way there");
        await visitor.RunAsync("window.sameDocument = true");

        // Beside a bag there are bags, and nothing for yoga yet.
        await page.Locator(".menu a", new() { HasTextString = "Bags" }).ClickAsync();
        await page.Locator("[data-sku='BG-101'] .card-link").ClickAsync();
        await page.Locator("[data-list='related'] [data-sku='BG-102']").WaitForAsync();
        await Assertions.Expect(page.Locator("[data-list='crosssell']")).ToHaveCountAsync(0);

        // A search changes what the next pages show.
        await page.Locator("#q").FillAsync("yoga");
        await page.Locator("#q").PressAsync("Enter");
        await SeeAsync(page.Locator(".place-content"), "Mats, blocks and bolsters: find your calm.");
        await page.GoBackAsync();
        await page.Locator("[data-list='crosssell'] [data-sku^='YG-']").First.WaitForAsync();

        // The panel says so, and why.
        await page.Locator(".peek").ClickAsync();
        await SeeAsync(page.Locator(".events"), "searchRequestSent");
        await page.Locator("#tab-Segments").ClickAsync();
        var segment = page.Locator("[data-segment='yoga-searchers']");
        await Assertions.Expect(segment).ToHaveClassAsync("in");
        await segment.Locator("summary").ClickAsync();
        await SeeAsync(segment, "searchRequestSent");
        await page.Locator("#tab-Decisions").ClickAsync();
        await SeeAsync(page.Locator(".decisions"), "because of “yoga-searchers”");
        await page.Keyboard.PressAsync("Escape");

        // Three mats for the price of two.
        await page.Locator("[data-list='crosssell'] [data-sku='YG-601'] .card-link").ClickAsync();
        await page.Locator(".order-line select").SelectOptionAsync("3");
        await page.Locator(".order-line .button").ClickAsync();
        await page.Locator(".cart-link").ClickAsync();
        await SeeAsync(page.Locator(".totals"), "Discount (3 for 2 on yoga)");
        await SeeAsync(page.Locator(".totals .total"), "€98.00");
        await page.Locator("[data-sku='YG-601'] .steps button").First.ClickAsync();
        await SeeAsync(page.Locator(".totals .total"), "€98.00");
        await Assertions.Expect(page.Locator(".totals .saved")).ToHaveCountAsync(0);

        await page.Locator(".sum .button.full").ClickAsync();
        await page.Locator("#email").FillAsync($"walker.{width}@example.org");
        await page.Locator(".sum .button.full").ClickAsync();
        await SeeAsync(page.Locator("h1"), "Thank you.");
        await page.Locator(".peek").ClickAsync();
        await page.Locator("#tab-Events").ClickAsync();
        await SeeAsync(page.Locator(".events"), "completeCheckout");
        await SeeAsync(page.Locator(".events"), "backofficeOrderPlaced");
        await page.Locator("#tab-Profile").ClickAsync();
        await SeeAsync(page.Locator(".facts"), $"walker.{width}@example.org");
        await SeeAsync(page.Locator(".facts"), "€98.00");

        Assert.True(await visitor.RunAsync<bool>("window.sameDocument === true"), "The page was loaded anew on the way.");
        Assert.Empty(visitor.Errors);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task A_demo_customer_is_greeted_as_themselves_and_a_new_visitor_is_not(int width, int height)
    {
        await using var visitor = await host.VisitorAsync(options => options.ViewportSize = new() { Width = width, Height = height });
        var page = visitor.Page;
        await visitor.GoToAsync(DemoBrowserHost.Demo + "/account");
        await page.Locator(".people button").First.ClickAsync();
        await SeeAsync(page.Locator("h1"), "Hello,");
        await page.Locator(".top .brand").ClickAsync();
        await SeeAsync(page.Locator(".place-content"), "Still thinking about that bag?");
        await page.Locator(".peek").ClickAsync();
        await page.Locator(".panel-foot button").ClickAsync();
        await SeeAsync(page.Locator(".tool").First, "Sign in");
        await SeeAsync(page.Locator(".place-content"), "Made for the way there");
        await Assertions.Expect(page.Locator(".place-content")).Not.ToContainTextAsync("Still thinking about that bag?");
        Assert.Empty(visitor.Errors);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Axe_finds_nothing_serious(int width, int height)
    {
        var axe = await File.ReadAllTextAsync(
            Path.Combine(Snapshot.Root, "src", "demo-storefront", "node_modules", "axe-core", "axe.min.js"), TestContext.Current.CancellationToken);
        await using var visitor = await host.VisitorAsync(options =>
        {
            options.ViewportSize = new() { Width = width, Height = height };
            options.ReducedMotion = ReducedMotion.Reduce;
        });
        var found = new List<string>();
        await visitor.GoToAsync(DemoBrowserHost.Demo + "/p/YG-601");
        await visitor.Page.Locator(".order-line .button").ClickAsync();
        foreach (var (path, part) in new[]
        {
            ("", ".place-content h2"), ("/c/jackets", ".grid"), ("/search?q=yoga", ".place-content p"), ("/p/WJ-201", "[data-list='related']"), ("/cart", ".totals"), ("/checkout", ".totals"),
            ("/account", ".people"), ("/nowhere", "h1"), ("/cart", "#tab-Events"), ("/cart", "#tab-Profile"), ("/cart", "#tab-Segments"), ("/cart", "#tab-Decisions"),
        })
        {
            await visitor.GoToAsync(DemoBrowserHost.Demo + path);
            if (part.StartsWith("#tab", StringComparison.Ordinal))
            {
                // Once opened, the panel is open on the next page too.
                if (await visitor.Page.Locator(".peek").GetAttributeAsync("aria-expanded") == "false")
                    await visitor.Page.Locator(".peek").ClickAsync();
                await visitor.Page.Locator(part).ClickAsync();
                await visitor.Page.Locator("#panel-body > :not(.empty)").First.WaitForAsync();
                foreach (var summary in await visitor.Page.Locator("#panel-body summary").AllAsync())
                    await summary.ClickAsync();
            }
            else
            {
                await visitor.Page.Locator(part).First.WaitForAsync();
            }

            await visitor.RunAsync(axe);
            var violations = await visitor.RunAsync<string[]>("""
                axe.run({ resultTypes: ['violations'] }).then(results => results.violations
                    .filter(violation => violation.impact === 'serious' || violation.impact === 'critical')
                    .map(violation => `${violation.id}: ${violation.nodes.map(node => node.target.join(' ')).slice(0, 3)}`))
                """);
            found.AddRange(violations.Select(violation => $"{path} {part}: {violation}"));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static Task SeeAsync(ILocator where, string text) => Assertions.Expect(where.First).ToContainTextAsync(text, new() { Timeout = (float)Eventually.Patience.TotalMilliseconds });
}
