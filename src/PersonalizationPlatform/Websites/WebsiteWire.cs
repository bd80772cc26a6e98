using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Websites;

/// <summary>A website as a person writes it. A PUT replaces all of it.</summary>
[ReadOnlyMembers("code", "version", "updatedAt")]
public sealed record WebsiteRequest
{
    /// <summary>What other systems call it. Absent: unchanged; for a new website its code where that is a number, else the next free one.</summary>
    public int? Number { get; init; }

    /// <summary>Absent: the code.</summary>
    public string? Name { get; init; }

    /// <summary>ISO 4217. Absent: the shop's.</summary>
    public string? Currency { get; init; }

    /// <summary>IANA, e.g. <c>Europe/Berlin</c>. Absent: UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Codes are unique over all websites.</summary>
    public IReadOnlyList<StoreView>? StoreViews { get; init; }
    public CartRuleSettings? CartRules { get; init; }
    public RelatedProductSettings? RelatedProducts { get; init; }

    /// <summary>Adds what is wrong by itself.</summary>
    internal void Check(List<ProblemError> errors)
    {
        if (Number is < 1 or > 1_000_000_000)
            errors.Add(new("$.number", "website.number", "number must be 1 to 1,000,000,000."));
        if (Name is not null && (string.IsNullOrWhiteSpace(Name) || Name.Length > 255))
            errors.Add(new("$.name", "website.name", "name must have 1 to 255 characters."));
        if (Currency is not null && (Currency.Length != 3 || Currency.AsSpan().ContainsAnyExceptInRange('A', 'Z')))
            errors.Add(new("$.currency", "website.currency", "currency must be an ISO 4217 code such as EUR."));
        if (TimeZone is not null && (TimeZone.Length is 0 or > 64 || !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _)))
            errors.Add(new("$.timeZone", "website.timeZone", "timeZone must be an IANA time zone such as Europe/Berlin."));
        CheckStoreViews(errors);
        Check(CartRules, errors);
        if (RelatedProducts is { } lists)
        {
            foreach (var (name, list) in new[] { ("related", lists.Related), ("upSell", lists.UpSell), ("crossSell", lists.CrossSell) })
            {
                if (list is null || list.Max is < 0 or > 100)
                    errors.Add(new($"$.relatedProducts.{name}.max", "website.listMax", "The list must have a max of 0 to 100, or be left out."));
            }
        }
    }

    internal static bool IsCode(string code) =>
        code.Length is >= 1 and <= 64 && code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    private void CheckStoreViews(List<ProblemError> errors)
    {
        if (StoreViews?.Count > 1000)
            errors.Add(new("$.storeViews", "website.storeViews", "At most 1,000 store views."));
        var codes = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Math.Min(StoreViews?.Count ?? 0, 1000); i++)
        {
            var view = StoreViews![i];
            if (view?.Code is null || !IsCode(view.Code))
                errors.Add(new($"$.storeViews[{i}].code", "website.storeViewCode", "code must have 1 to 64 letters, digits, hyphens and underscores."));
            else if (!codes.Add(view.Code))
                errors.Add(new($"$.storeViews[{i}].code", "website.storeViewTwice", "A store view is given once."));
            if (string.IsNullOrWhiteSpace(view?.Name) || view.Name.Length > 255)
                errors.Add(new($"$.storeViews[{i}].name", "website.storeViewName", "name must have 1 to 255 characters."));
        }
    }

    private static void Check(CartRuleSettings? rules, List<ProblemError> errors)
    {
        if (rules is null)
            return;
        if (rules.MaxCouponsPerOrder is < 1 or > 100)
            errors.Add(new("$.cartRules.maxCouponsPerOrder", "website.maxCoupons", "maxCouponsPerOrder must be 1 to 100."));
        if (rules.ShippingShareBase is <= 0)
            errors.Add(new("$.cartRules.shippingShareBase", "website.shippingShareBase", "shippingShareBase must be greater than 0."));
        if (rules.Tax is { ItemRate: < 0 or > 1000 })
            errors.Add(new("$.cartRules.tax.itemRate", "website.taxRate", "itemRate must be a percentage, 0 to 1,000."));
        if (rules.Tax is { ShippingRate: < 0 or > 1000 })
            errors.Add(new("$.cartRules.tax.shippingRate", "website.taxRate", "shippingRate must be a percentage, 0 to 1,000."));
    }
}

/// <summary>A website as it is kept.</summary>
/// <param name="Currency">Its own; absent where the shop's holds.</param>
public sealed record WebsiteAnswer(
    string Code, int Number, string Name, string? Currency, string? TimeZone, IReadOnlyList<StoreView> StoreViews, CartRuleSettings CartRules,
    RelatedProductSettings RelatedProducts, int Version, DateTimeOffset UpdatedAt)
{
    internal static WebsiteAnswer Of(StoredWebsite website) => new(
        website.Code, website.Number, website.Name, website.Currency, website.TimeZone, WebsiteJson.Read<List<StoreView>>(website.StoreViews),
        WebsiteJson.Read<CartRuleSettings>(website.CartRules), WebsiteJson.Read<RelatedProductSettings>(website.RelatedProducts), website.Version, website.UpdatedAt);
}

/// <summary>A customer group as a person writes it.</summary>
[ReadOnlyMembers("number", "version", "updatedAt")]
public sealed record CustomerGroupRequest
{
    /// <summary>Its name; unique.</summary>
    public required string Code { get; init; }
}

/// <summary>A customer group as it is kept.</summary>
/// <param name="Number">0 = not logged in.</param>
public sealed record CustomerGroupAnswer(int Number, string Code, int Version, DateTimeOffset UpdatedAt)
{
    internal static CustomerGroupAnswer Of(StoredCustomerGroup group) => new(group.Number, group.Code, group.Version, group.UpdatedAt);
}
