using Microsoft.Extensions.Options;
using PersonalizationPlatform.Events.Log;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>The keyed hash of a cart or an order: all that is kept of which one uses a coupon.</summary>
public readonly record struct CouponReference(Guid Value) : IComparable<CouponReference>
{
    public int CompareTo(CouponReference other) => Value.CompareTo(other.Value);
}

/// <summary>Makes <see cref="CouponReference"/>s. A cart and an order of the same name are two.</summary>
public sealed class CouponReferences(IdentityHash hash, IOptions<EventLogOptions> events)
{
    /// <param name="cart">The cart's id, as the shop calls it.</param>
    public CouponReference OfCart(string cart) => new(hash.OfReference("cart", cart.Trim()));

    /// <param name="website">The code of the website the order was placed on, as its events name it; null = <c>Events:DefaultWebsite</c>.</param>
    /// <param name="order">The order number: the <c>purchaseID</c> of its events.</param>
    public CouponReference OfOrder(string? website, string order) =>
        new(hash.OfReference("order", $"{(website ?? events.Value.DefaultWebsite).Trim().ToLowerInvariant()}\n{order.Trim()}"));
}
