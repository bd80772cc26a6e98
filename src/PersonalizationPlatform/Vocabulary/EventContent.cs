using System.Text.Json.Serialization;

namespace PersonalizationPlatform.Vocabulary;

/// <summary>
/// What an event says, in one vocabulary, whichever door it came through. Holds no direct personal data (no e-mail, no names):
/// those live on identities and attributes. Everything not understood stays in the event's raw body.
/// </summary>
public sealed record EventContent
{
    /// <summary>The XDM event type as understood, e.g. <c>commerce.productListAdds</c>; the custom type for custom events.</summary>
    public string? EventType { get; init; }

    public string? Environment { get; init; }
    public string? Website { get; init; }
    public string? Store { get; init; }
    public string? StoreView { get; init; }

    /// <summary><c>web</c>, <c>mobile</c> or what the channel's type ends with.</summary>
    public string? Channel { get; init; }

    public PageContent? Page { get; init; }
    public SearchContent? Search { get; init; }
    public CartContent? Cart { get; init; }
    public OrderContent? Order { get; init; }
    public RequisitionListContent? RequisitionList { get; init; }

    /// <summary>Product lines; on cart events the lines as sent (changed lines, or all of them on views and checkouts).</summary>
    public IReadOnlyList<LineItem> Items { get; init; } = [];

    /// <summary>Whether there is a list of lines, and it is empty: that says there are none, while no list says nothing of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ItemsEmpty { get; init; }
}

/// <summary>The page an event happened on.</summary>
public sealed record PageContent
{
    public string? Url { get; init; }
    public string? Referrer { get; init; }
    public string? Name { get; init; }

    /// <summary>Adobe's siteSection = the storefront's page type, e.g. <c>PDP</c>, <c>Category</c>.</summary>
    public string? SiteSection { get; init; }
}

/// <summary>A search request or its response.</summary>
public sealed record SearchContent
{
    public string? Id { get; init; }
    public string? Query { get; init; }
    public int? NumberOfResults { get; init; }
    public IReadOnlyList<SearchFilter> Filters { get; init; } = [];
    public IReadOnlyList<string> Suggestions { get; init; } = [];
}

/// <summary>A filter used in a search; the official collector loses the attribute, then it is null: "a refinement was used, unknown which".</summary>
public sealed record SearchFilter(string? Attribute, IReadOnlyList<string> Values, bool IsRange);

/// <summary>The cart an event speaks of. Totals only where the storefront sent them.</summary>
public sealed record CartContent
{
    public string? Id { get; init; }
    public decimal? Subtotal { get; init; }
    public decimal? GrandTotal { get; init; }
    public decimal? Discount { get; init; }
    public string? Currency { get; init; }
    public string? CouponCode { get; init; }
}

/// <summary>A B2B requisition list.</summary>
public sealed record RequisitionListContent(string? Id, string? Name, string? Description);

/// <summary>What one event says about an order; several of these fold into one <see cref="Order"/>.</summary>
public sealed record OrderContent
{
    /// <summary>The shop's order number (XDM <c>commerce.order.purchaseID</c>).</summary>
    public string? PurchaseId { get; init; }
    public string? PurchaseOrderNumber { get; init; }
    public string? Currency { get; init; }

    /// <summary>Grand total as sent (<c>order.priceTotal</c>).</summary>
    public decimal? PriceTotal { get; init; }
    public decimal? Tax { get; init; }
    public decimal? Discount { get; init; }
    public decimal? ShippingAmount { get; init; }
    public string? ShippingMethod { get; init; }
    public string? OrderType { get; init; }
    public string? CouponCode { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public IReadOnlyList<Payment> Payments { get; init; } = [];
    public IReadOnlyList<Refund> Refunds { get; init; } = [];
    public string? ReturnId { get; init; }
    public string? ReturnStatus { get; init; }
    public string? TrackingNumber { get; init; }

    /// <summary>A status the sender states itself (custom member <c>commerce.order.status</c>); otherwise it follows from the event's kind.</summary>
    public string? Status { get; init; }

    public Address? BillingAddress { get; init; }
    public Address? ShippingAddress { get; init; }
}

public sealed record Payment(string? Type, decimal? Amount, string? Currency, string? TransactionId);

public sealed record Refund(decimal? Amount, string? Currency, string? Type, string? TransactionId, string? Reason);

/// <summary>A postal address: the usual parts by name, anything else by the name it came with.</summary>
public sealed record Address
{
    public string? Street { get; init; }
    public string? City { get; init; }

    /// <summary>State or region as sent, e.g. <c>US-CA</c> (aliases <c>region</c>, <c>region_id</c>).</summary>
    public string? State { get; init; }
    public string? PostalCode { get; init; }

    /// <summary>Country as sent, usually ISO 3166 alpha-2 (alias <c>country_id</c>).</summary>
    public string? Country { get; init; }
    public string? Company { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Phone { get; init; }
    public string? VatId { get; init; }

    /// <summary>What the address is used for: <c>billing</c>, <c>shipping</c>, <c>default_billing</c>, <c>default_shipping</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Members not named above, by their own name.</summary>
    public IReadOnlyDictionary<string, string> Other { get; init; } = new Dictionary<string, string>();
}

/// <summary>One product line.</summary>
public sealed record LineItem
{
    public string? Id { get; init; }
    public string? Sku { get; init; }
    public string? Name { get; init; }
    public decimal? Quantity { get; init; }

    /// <summary>Line total as sent (<c>priceTotal</c> = unit price × quantity).</summary>
    public decimal? Total { get; init; }
    public decimal? Discount { get; init; }
    public string? Currency { get; init; }

    /// <summary>Ids, names and path parts of the categories on the line, else those the catalogue gave the SKU when the event arrived.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Chosen options and other scalar members of the line by name, e.g. <c>Color</c> → <c>Green</c>.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Unit price, where quantity and total are known.</summary>
    [JsonIgnore]
    public decimal? UnitPrice => Total is { } total && Quantity is { } quantity && quantity > 0 ? total / quantity : Total;
}
