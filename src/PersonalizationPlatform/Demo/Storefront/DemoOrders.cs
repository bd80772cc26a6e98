using System.Text.Json.Nodes;
using PersonalizationPlatform.Activation.CatalogRules;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>An order as the storefront's checkout sends it.</summary>
public sealed record DemoOrderRequest
{
    public required DemoCart Cart { get; init; }

    /// <summary>Of a guest; whoever is signed in has one.</summary>
    public string? Email { get; init; }

    /// <summary>What the page showed: nobody pays another sum than they saw.</summary>
    public required decimal Total { get; init; }
}

/// <summary>An order placed.</summary>
/// <param name="Total">What is paid.</param>
public sealed record DemoOrderAnswer(
    string Number, string Email, IReadOnlyList<DemoOrderLine> Items, decimal Subtotal, decimal Discount, decimal Shipping, decimal Total, string? Label, string? Coupon);

/// <summary>A line of it.</summary>
/// <param name="Total">Before discount.</param>
public sealed record DemoOrderLine(string Sku, string Name, int Quantity, decimal Total, decimal Discount);

/// <summary>
/// The demo shop's order desk: decides the cart once more, with what only the server knows, holds the coupon for the order, tells the platform
/// of it through the back office's door, and has the use of the coupon count for good. The order's number follows from the cart's id, so a repeat is the same order.
/// </summary>
internal sealed class DemoOrders(
    CombinedDecisions decisions, DecisionReader reader, LiveCatalog catalogue, CatalogPrices prices, DemoAccounts accounts, DemoSessions sessions, Reservations reservations,
    CouponReferences references, IdentityHash hash, EventIntake intake)
{
    private const string Website = "base";

    /// <summary>400 <c>demo.cart</c>, 409 <c>demo.totalChanged</c> and <c>demo.couponUsed</c>, and what an address may be refused for.</summary>
    public async Task<(DemoOrderAnswer Order, DemoVisitor Visitor)> PlaceAsync(DemoVisitor visitor, DemoOrderRequest request, bool optedOut, CancellationToken cancellationToken)
    {
        var cart = DemoDecision.Cart(request.Cart);
        if (request.Cart.Items.Count == 0)
            throw ProblemException.Invalid("demo.cart", "The cart is empty.", new ProblemError("$.cart.items", "demo.cart", "At least one line."));
        var caller = DemoDecision.Caller(visitor);
        var (answer, lines) = await DecideAsync(visitor, caller, cart, optedOut, cancellationToken);
        if (answer.Totals.GrandTotal != request.Total)
        {
            throw new ProblemException(
                409, "demo.totalChanged", FormattableString.Invariant($"The total has changed to {answer.Totals.GrandTotal:0.00} EUR. Look at the cart again before you order."));
        }

        if (visitor.CustomerId is null)
            visitor = await accounts.TakeAsync(visitor, request.Email, cancellationToken);
        var email = visitor.CustomerId is null ? DemoAccounts.Address(request.Email) : visitor.Email!;
        var number = "SB-" + await sessions.ReferenceAsync(visitor, "order " + request.Cart.Id, cancellationToken);
        var order = new DemoOrderAnswer(
            number, email, lines, answer.Totals.Subtotal, answer.Totals.TotalDiscount, answer.Shipping.Amount, answer.Totals.GrandTotal, answer.Label,
            answer.Coupons.FirstOrDefault(coupon => coupon.Reason is null)?.Code);
        var held = await HoldAsync(request.Cart.Id, order.Coupon, visitor.CustomerId, cancellationToken);
        await intake.TakeAsync(XdmText.Bytes([Event(order, visitor.CustomerId)]), EventDoor.BackOffice, null, cancellationToken);
        if (held is { } cartReference)
            await reservations.RedeemAsync(cartReference, await references.OfOrderAsync(Website, number, cancellationToken), cancellationToken);
        return (order, visitor with { Orders = [.. visitor.Orders.Where(known => known != number).TakeLast(DemoVisitor.MaxRemembered - 1), number] });
    }

    /// <summary>Holds the use of the coupon, so that nobody else can have it while the order is placed. A repeat holds what it holds already.</summary>
    private async Task<CouponReference?> HoldAsync(string cart, string? code, string? customer, CancellationToken cancellationToken)
    {
        if (code is null)
            return null;
        var reference = references.OfCart(cart);
        IdentityId? whose = Identity.TryCreate(IdentityNamespace.CustomerId, customer, out var identity) ? hash.Of(identity) : null;
        var held = await reservations.ReserveAsync(reference, null, whose, [code], [], cancellationToken);
        return held.Reserved
            ? reference
            : throw new ProblemException(409, "demo.couponUsed", "The code has been used meanwhile. Look at the cart again before you order.");
    }

    private async Task<(CartDecisionAnswer Answer, IReadOnlyList<DemoOrderLine> Lines)> DecideAsync(
        DemoVisitor visitor, DecisionCaller caller, CartRequest cart, bool optedOut, CancellationToken cancellationToken)
    {
        var snapshot = await catalogue.CurrentAsync(cancellationToken);
        var ground = await reader.ReadAsync(null, null, cancellationToken);
        var priced = new List<(CartLineRequest Line, CatalogProduct Product, decimal Price)>();
        foreach (var line in cart.Items!.OfType<CartLineRequest>())
        {
            if (snapshot.Find(line.Sku!) is not { Enabled: true } product
                || prices.Of(ground.Live, snapshot, product, ground.Website, caller.CustomerGroup, ground.Day, line.Quantity!.Value).Final is not { } price)
                throw ProblemException.Invalid("demo.cart", "Something in the cart is not sold any more.", new ProblemError("$.cart.items", "demo.cart", "This product is not in the catalogue."));
            priced.Add((line with { Price = price }, product, price));
        }

        var decided = (await decisions.DecideAsync(
            new() { Shopper = DemoDecision.Shopper(visitor), Cart = cart with { Items = [.. priced.Select(line => line.Line)] } }, caller, optedOut, explain: false, cancellationToken)).Cart!;
        var discounts = decided.Items.ToDictionary(line => line.Id, line => line.Discount);
        return (decided, [.. priced.Select(line => new DemoOrderLine(
            line.Product.Sku, line.Product.Name ?? line.Product.Sku, (int)line.Line.Quantity!.Value, line.Price * line.Line.Quantity.Value, discounts.GetValueOrDefault(line.Line.Id!)))]);
    }

    /// <summary>Without a time of its own it counts when it is received, and a repeat within a day is known by its id.</summary>
    private static JsonObject Event(DemoOrderAnswer order, string? customer)
    {
        var identities = new JsonObject();
        if (customer is not null)
            identities["CustomerId"] = new JsonArray(new JsonObject { ["id"] = customer, ["primary"] = true });
        identities["email"] = new JsonArray(new JsonObject { ["id"] = order.Email });
        var told = new JsonObject
        {
            ["purchaseID"] = order.Number,
            ["currencyCode"] = DemoDecision.Currency,
            ["priceTotal"] = order.Total,
            ["discountAmount"] = order.Discount,
            ["payments"] = new JsonArray(new JsonObject { ["paymentType"] = "demo", ["paymentAmount"] = order.Total, ["currencyCode"] = DemoDecision.Currency }),
        };
        if (order.Coupon is { } code)
            told["couponCode"] = code;
        return new()
        {
            ["_id"] = "order-" + order.Number,
            ["eventType"] = "commerce.backofficeOrderPlaced",
            ["identityMap"] = identities,
            ["commerce"] = new JsonObject
            {
                ["backofficeOrderPlaced"] = new JsonObject { ["value"] = 1 },
                ["commerceScope"] = new JsonObject { ["environmentID"] = "demo", ["websiteCode"] = Website },
                ["order"] = told,
                ["shipping"] = new JsonObject { ["shippingMethod"] = "flatrate_flatrate", ["shippingAmount"] = order.Shipping },
            },
            ["productListItems"] = new JsonArray([.. order.Items.Select(line => new JsonObject
            {
                ["SKU"] = line.Sku,
                ["name"] = line.Name,
                ["quantity"] = line.Quantity,
                ["priceTotal"] = line.Total,
                ["currencyCode"] = DemoDecision.Currency,
                ["discountAmount"] = line.Discount,
            })]),
        };
    }
}
