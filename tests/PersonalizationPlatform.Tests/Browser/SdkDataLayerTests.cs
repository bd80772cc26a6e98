using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Our own SDK on a shop that speaks through Adobe's storefront events SDK and its data layer.</summary>
public sealed class SdkDataLayerTests(BrowserHost host) : IClassFixture<BrowserHost>
{
    private static readonly string Modules = Path.Combine(Snapshot.Root, "src", "storefront-sdk", "node_modules", "@adobe");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_shop_publishes_arrives(bool adobeFirst)
    {
        var adobe = Path.Combine(Modules, "magento-storefront-events-sdk", "dist", "index.js");
        Assert.True(File.Exists(adobe), "Adobe's SDK is missing: run ./test.sh, or npm ci in src/storefront-sdk.");
        host.Site.File(BrowserHost.Shop + "/adobe.js", adobe);
        host.Site.Script(BrowserHost.Shop + "/shop.js", """
            const mse = window.magentoStorefrontEvents;
            const product = { productId: 1, name: 'Juno Jacket', sku: 'WJ06', categories: ['Women/Jackets'],
                              pricing: { regularPrice: 77, specialPrice: 62, currencyCode: 'EUR' }, mainImageUrl: 'https://www.shop.test/wj06.jpg' };
            const item = { id: '9', quantity: 2, prices: { price: { value: 62, currency: 'EUR' } }, product, canApplyMsrp: false, formattedPrice: '',
                           configurableOptions: [{ id: 1, optionLabel: 'Color', valueId: 2, valueLabel: 'Blue' }] };
            mse.context.setStorefrontInstance({ environmentId: 'env-1', websiteCode: 'base', storeCode: 'main', storeViewCode: 'default', storeViewCurrencyCode: 'EUR' });
            mse.context.setPage({ pageType: 'Product', pageName: 'Juno' });
            mse.publish.pageView();
            mse.context.setProduct(product);
            mse.publish.productPageView();
            mse.context.setChangedProducts({ items: [item] });
            mse.context.setShoppingCart({ id: 'c-9', items: [item], totalQuantity: 2, discountAmount: 5 });
            mse.publish.addToCart();
            mse.publish.shoppingCartView();
            mse.context.setAccount({ emailAddress: 'cy@example.com', accountId: '12', firstName: 'Cy', lastName: 'Lee' });
            mse.publish.signIn();
            mse.context.setOrder({ orderId: 'o-9', grandTotal: 124, email: 'cy@example.com', appliedCouponCode: 'SUN', taxAmount: 4,
                                   payments: [{ paymentMethodCode: 'checkmo', paymentMethodName: 'Check', total: 124 }], shipping: { shippingMethod: 'flat', shippingAmount: 5 } });
            mse.publish.placeOrder();
            mse.context.setSearchInput({ units: [{ searchUnitId: 'u', searchRequestId: 's-9', phrase: 'jacket', pageSize: 9, currentPage: 1, queryTypes: ['products'],
                                                   filter: [{ attribute: 'color', in: ['Blue'] }], sort: [] }] });
            mse.publish.searchRequestSent('u');
            mse.publish.custom({ eventType: 'quizFinished', quiz: { score: 3 } });
            """);
        string[] scripts =
        [
            "<script src=/adobe.js></script>",
            $"<script src={BrowserHost.FirstParty}/sdk/storefront.js data-key={PlatformHost.CollectKey} data-pages=manual></script><script src={BrowserHost.FirstParty}/sdk/data-layer.js></script>",
        ];
        var page = BrowserHost.Shop + "/" + (adobeFirst ? "adobe-first" : "adobe-last");
        host.Site.Page(page, $"<!doctype html><title>Shop</title>{string.Concat(adobeFirst ? scripts : scripts.Reverse())}<script src=/shop.js></script>");
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(page);
        var events = await host.EventsAsync("FPID", await visitor.DeviceAsync(), 8);
        Assert.Equal(
            ["addToCart", "completeCheckout", "pageView", "productPageView", "quizFinished", "searchRequestSent", "shoppingCartView", "signIn"],
            events.Kinds().Order(StringComparer.Ordinal));
        StoredEvent One(string kind) => events.Single(e => e.Kind == kind);
        Assert.Equal(("Product", "Juno"), (One("pageView").Content.Page!.SiteSection, One("pageView").Content.Page!.Name));
        var viewed = Assert.Single(One("productPageView").Content.Items);
        Assert.Equal(("WJ06", 62m, 15m, "EUR"), (viewed.Sku, viewed.Total, viewed.Discount, viewed.Currency));
        var added = One("addToCart");
        Assert.Equal(("c-9", "base", "default", "env-1"), (added.Content.Cart!.Id, added.Website, added.Content.StoreView, added.Content.Environment));
        Assert.Equal(("WJ06", 2m, 124m, "Blue"), (added.Content.Items[0].Sku, added.Content.Items[0].Quantity, added.Content.Items[0].Total, added.Content.Items[0].Attributes["Color"]));
        Assert.Equal(5m, One("shoppingCartView").Content.Cart!.Discount);
        Assert.Superset(new HashSet<string> { "email:cy@example.com", "CustomerId:12" }, One("signIn").Identities.ToHashSet());
        var order = One("completeCheckout").Content.Order!;
        Assert.Equal(("o-9", 124m, "SUN", "checkmo", 5m), (order.PurchaseId, order.PriceTotal, order.CouponCode, order.Payments[0].Type, order.ShippingAmount));
        var search = One("searchRequestSent").Content.Search!;
        Assert.Equal(("s-9", "jacket", "color"), (search.Id, search.Query, search.Filters[0].Attribute));
        Assert.Equal(3, (int)One("quizFinished").Body["quiz"]!["score"]!);
        Assert.Empty(visitor.Errors);
    }
}
