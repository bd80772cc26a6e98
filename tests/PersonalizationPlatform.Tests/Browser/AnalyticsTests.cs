namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Segment's analytics.js, unmodified, told our host in place of Segment's.</summary>
public sealed class AnalyticsTests(StorefrontHost host) : IClassFixture<StorefrontHost>
{
    [Theory]
    [InlineData("/segment", "one-by-one")]
    [InlineData("/segment-batched", "batched")]
    public async Task Pages_events_and_people_arrive_once(string page, string who)
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(BrowserHost.Shop + page);
        await visitor.UntilAsync("() => window.analytics");
        await visitor.RunAsync(
            """
            async who => {
                await analytics.page('PDP', 'Juno Jacket');
                await analytics.track('Product Added', { cart_id: who, product_id: '1361', sku: 'WJ06', name: 'Juno Jacket', price: 62, quantity: 2, currency: 'USD' });
                await analytics.track('Order Completed', { order_id: who, total: 129, currency: 'USD', products: [{ sku: 'WJ06', price: 62, quantity: 2 }] });
                await analytics.identify(who, { email: who + '@example.com' });
            }
            """,
            who);
        var device = await visitor.RunAsync<string>("analytics.instance.user().anonymousId()");
        await Eventually.SuchAsync("What the visitor did", async () => string.Join(" ", (await StoredAsync(device)).Select(ev => ev.Kind)), kinds => kinds.Split(' ').Length >= 4);
        var events = (await StoredAsync(device)).ToDictionary(ev => ev.Kind);
        Assert.Equal(4, events.Count);
        Assert.All(events.Values, ev => Assert.StartsWith("ajs-next-", ev.Id, StringComparison.Ordinal));
        Assert.Equal("Juno Jacket", events["pageView"].Content.Page?.Name);
        Assert.Equal(("WJ06", 2m, 124m), (events["addToCart"].Content.Items[0].Sku, events["addToCart"].Content.Items[0].Quantity, events["addToCart"].Content.Items[0].Total));
        Assert.Equal((who, 129m), (events["completeCheckout"].Content.Order?.PurchaseId, events["completeCheckout"].Content.Order?.PriceTotal));
        Assert.Contains(events.Values, ev => ev.Identities.Contains($"email:{who}@example.com"));
        // What is stored already may not be in the browser's list of requests yet.
        bool HasBatch() => visitor.Requests.Any(request => request.Url.EndsWith("/v1/b", StringComparison.Ordinal));
        if (page == "/segment-batched")
            await Eventually.TrueAsync("A batch among the requests", () => Task.FromResult(HasBatch()));
        Assert.Equal(page == "/segment-batched", HasBatch());
        Assert.Empty(visitor.Errors);
    }

    private async Task<IReadOnlyList<StoredEvent>> StoredAsync(string device) =>
        [.. (await host.EventsAsync()).Where(ev => ev.Identities.Any(identity => identity.EndsWith(":" + device, StringComparison.Ordinal)))];
}
