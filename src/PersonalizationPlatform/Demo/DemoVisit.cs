using System.Globalization;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Catalog;

namespace PersonalizationPlatform.Demo;

/// <summary>One product and how many of it.</summary>
internal readonly record struct DemoLine(ProductRequest Product, int Quantity)
{
    public decimal Total => (Product.Price ?? 0) * Quantity;
}

/// <summary>
/// One visit to the shop: what the storefront's collector sends while somebody clicks through it, in the shapes it sends them.
/// Time passes between the clicks.
/// </summary>
internal sealed class DemoVisit(DemoJournal journal, DemoShopper shopper, DateTimeOffset startsAt, Random random)
{
    private const string Shop = "https://shop.example.com";

    private readonly List<DemoLine> cart = [];
    private readonly string cartId = string.Create(CultureInfo.InvariantCulture, $"cart-{shopper.Number}-{startsAt.ToUnixTimeSeconds()}");
    private DateTimeOffset clock = startsAt;
    private bool signedIn;

    /// <summary>When the last click was.</summary>
    public DateTimeOffset At => clock;

    public DemoVisit Page(string path, string section)
    {
        Send("web.webpagedetails.pageViews", new JsonObject(), path, page => page["siteSection"] = section);
        return this;
    }

    public DemoVisit SignIn() => Account("userAccount.login", "login");

    public DemoVisit CreateAccount() => Account("userAccount.createProfile", "createProfile");

    public DemoVisit SignOut()
    {
        if (signedIn)
            Send("userAccount.logout", new JsonObject { ["userAccount"] = new JsonObject { ["logout"] = 1 } }, "/account");
        signedIn = false;
        return this;
    }

    public DemoVisit Search(string query, IReadOnlyList<ProductRequest> found)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"search-{shopper.Number}-{clock.ToUnixTimeSeconds()}");
        var path = "/search?q=" + Uri.EscapeDataString(query);
        Send("searchRequest", new JsonObject
        {
            ["searchRequest"] = new JsonObject { ["id"] = id, ["value"] = 1 },
            ["siteSearch"] = new JsonObject { ["query"] = query },
        }, path);
        Send("searchResponse", new JsonObject
        {
            ["searchResponse"] = new JsonObject { ["id"] = id, ["value"] = 1 },
            ["siteSearch"] = new JsonObject { ["query"] = query, ["numberOfResults"] = found.Count },
            ["productListItems"] = new JsonArray([.. found.Take(4).Select(product => new JsonObject { ["SKU"] = product.Sku, ["name"] = product.Name })]),
        }, path);
        return this;
    }

    public DemoVisit View(ProductRequest product)
    {
        Send("commerce.productViews", new JsonObject
        {
            ["commerce"] = Commerce("productViews"),
            ["productListItems"] = new JsonArray(new JsonObject
            {
                ["SKU"] = product.Sku,
                ["name"] = product.Name,
                ["priceTotal"] = product.Price,
                ["currencyCode"] = "EUR",
                ["discountAmount"] = 0,
            }),
        }, "/p/" + product.Sku);
        return this;
    }

    public DemoVisit Add(ProductRequest product, int quantity = 1)
    {
        var line = new DemoLine(product, quantity);
        if (cart.Count == 0)
            SendCart("productListOpens", [line], "/p/" + product.Sku, pause: 0);
        SendCart("productListAdds", [line], "/p/" + product.Sku);
        cart.Add(line);
        return this;
    }

    public DemoVisit Remove()
    {
        if (cart is not [.., var last])
            return this;
        SendCart("productListRemovals", [last], "/cart");
        cart.RemoveAt(cart.Count - 1);
        return this;
    }

    public DemoVisit ViewCart()
    {
        SendCart("productListViews", cart, "/cart");
        return this;
    }

    public DemoVisit Checkout()
    {
        SendCart("checkouts", cart, "/checkout");
        return this;
    }

    /// <summary>Buys what is in the cart.</summary>
    public DemoOrder Buy(string number)
    {
        var order = new DemoOrder(number, [.. cart], cart.Sum(line => line.Total) >= 80 ? 0 : 4.90m, clock);
        var commerce = Commerce("purchases");
        commerce["order"] = order.Order();
        commerce["shipping"] = order.Shipping();
        Send("commerce.purchases", new JsonObject
        {
            ["commerce"] = commerce,
            ["personalEmail"] = new JsonObject { ["address"] = shopper.Email },
            ["productListItems"] = Lines(order.Lines),
        }, "/checkout/success");
        cart.Clear();
        return order;
    }

    public static JsonArray Lines(IEnumerable<DemoLine> lines) => new([.. lines.Select(line => new JsonObject
    {
        ["SKU"] = line.Product.Sku,
        ["name"] = line.Product.Name,
        ["quantity"] = line.Quantity,
        ["priceTotal"] = line.Total,
        ["currencyCode"] = "EUR",
        ["discountAmount"] = 0,
    })]);

    private DemoVisit Account(string type, string marker)
    {
        signedIn = true;
        Send(type, new JsonObject
        {
            ["userAccount"] = new JsonObject { [marker] = 1 },
            ["person"] = new JsonObject { ["accountID"] = shopper.Customer!.Id },
            ["personalEmail"] = new JsonObject { ["address"] = shopper.Email },
        }, "/account");
        return this;
    }

    private void SendCart(string marker, IEnumerable<DemoLine> lines, string path, int? pause = null)
    {
        var commerce = Commerce(marker);
        commerce["cart"] = new JsonObject { ["cartID"] = cartId };
        Send("commerce." + marker, new JsonObject { ["commerce"] = commerce, ["productListItems"] = Lines(lines) }, path, pause: pause);
    }

    private JsonObject Commerce(string marker) => new()
    {
        [marker] = new JsonObject { ["value"] = 1 },
        ["commerceScope"] = new JsonObject
        {
            ["environmentID"] = "demo",
            ["websiteCode"] = "base",
            ["storeCode"] = "main_website_store",
            ["storeViewCode"] = shopper.StoreView,
        },
    };

    private void Send(string type, JsonObject xdm, string path, Action<JsonObject>? page = null, int? pause = null)
    {
        var details = new JsonObject { ["URL"] = Shop + path };
        page?.Invoke(details);
        if (page is not null)
            details["pageViews"] = new JsonObject { ["value"] = 1 };
        xdm["web"] = new JsonObject { ["webPageDetails"] = details };
        xdm["channel"] = new JsonObject { ["_type"] = "https://ns.adobe.com/xdm/channel-types/web" };
        xdm["identityMap"] = new JsonObject { ["ECID"] = new JsonArray(new JsonObject { ["id"] = shopper.Ecid, ["primary"] = true }) };
        journal.AddStorefront(clock, type, xdm);
        clock += TimeSpan.FromSeconds(pause ?? random.Next(8, 95));
    }
}
