using System.Text.Json;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>A cart as the storefront's pages send it: what and how many; prices are the catalogue's.</summary>
public sealed record DemoCart
{
    /// <summary>The cart's id in the browser.</summary>
    public required string Id { get; init; }
    public required IReadOnlyList<DemoCartLine> Items { get; init; }
    public IReadOnlyList<string>? Coupons { get; init; }
}

/// <summary>A line of the cart.</summary>
public sealed record DemoCartLine(string Sku, int Quantity);

/// <summary>What the demo storefront asks the platform, with everything its server knows of the visitor.</summary>
internal static class DemoDecision
{
    public const string Currency = "EUR";
    public const decimal Shipping = 4.90m;
    private const int MaxLines = 100;
    private const int MaxQuantity = 99;
    private const int MaxCoupons = 5;
    private const int MaxId = 64;

    /// <summary>The group of everybody who has signed in.</summary>
    private const int General = 1;

    public static int GroupOf(DemoVisitor visitor) => visitor.CustomerId is null ? 0 : General;

    /// <summary>The shop's own server, which may be told why; the customer is whoever signed in here.</summary>
    public static DecisionCaller Caller(DemoVisitor visitor)
    {
        List<Identity> identities = [visitor.DeviceIdentity];
        if (visitor.CustomerId is { } customer)
            identities.Add(DemoVisitor.Make(IdentityNamespace.CustomerId, customer));
        return new(identities, GroupOf(visitor), NamedAudiences.None, IsTrusted: true, IsAdmin: false);
    }

    public static ShopperRequest Shopper(DemoVisitor visitor) => new() { Website = Website.Base, StoreView = "default", CustomerGroup = GroupOf(visitor) };

    /// <summary>400 <c>demo.cart</c> for what no page of the storefront sends.</summary>
    public static CartRequest Cart(DemoCart cart)
    {
        if (cart.Id.Length is 0 or > MaxId || cart.Items.Count > MaxLines || cart.Items.Any(line => line is not { Sku.Length: > 0 and <= 128, Quantity: > 0 and <= MaxQuantity })
            || cart.Items.DistinctBy(line => line.Sku).Count() != cart.Items.Count || cart.Coupons?.Count > MaxCoupons || cart.Coupons?.Any(code => code is not { Length: > 0 and <= 100 }) == true)
        {
            throw ProblemException.Invalid(
                "demo.cart", "The cart cannot be read.",
                new ProblemError("$.cart", "demo.cart", $"An id, at most {MaxLines} lines of 1 to {MaxQuantity} of one SKU each, at most {MaxCoupons} coupons."));
        }

        return new()
        {
            Id = cart.Id,
            Currency = Currency,
            Items = [.. cart.Items.Select(line => new CartLineRequest { Id = line.Sku, Sku = line.Sku, Quantity = line.Quantity })],
            Coupons = cart.Coupons,
            Shipping = new() { Method = "flatrate_flatrate", Amount = Shipping },
        };
    }

    /// <summary>Further products: beside a product, else with the cart.</summary>
    public static CombinedRelatedProducts? Related(string? product, bool hasCart) => product is null && !hasCart
        ? null
        : new(JsonSerializer.SerializeToElement(product is null ? (string[])["crosssell"] : ["related", "upsell", "crosssell"]), null, null, null);
}
