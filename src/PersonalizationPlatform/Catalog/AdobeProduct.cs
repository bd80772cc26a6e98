using System.Globalization;
using System.Text.Json;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Catalog;

/// <summary>Understands a product as Adobe Commerce's REST API returns and takes it. Members it has no use for are ignored.</summary>
internal static class AdobeProduct
{
    private const int AllGroups = 32_000;
    private static readonly string[] Marks = ["type_id", "custom_attributes", "extension_attributes", "attribute_set_id", "product_links"];

    /// <summary>Custom attributes that are members of their own here.</summary>
    private static readonly HashSet<string> Members = ["special_price", "special_from_date", "special_to_date", "category_ids", "tax_class_id"];

    private static readonly Dictionary<string, ProductType> Types = Enum.GetValues<ProductType>().ToDictionary(type => type.ToString(), StringComparer.OrdinalIgnoreCase);

    public static bool Is(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && (Array.Exists(Marks, mark => json.TryGetProperty(mark, out _)) || Wrapped(json) is not null);

    /// <summary>Null when <paramref name="errors"/> were added.</summary>
    public static ProductRequest? Read(JsonElement json, WebsiteSet websites, List<ProblemError> errors)
    {
        var before = errors.Count;
        var product = new AdobeNode(Wrapped(json) ?? json, "$", errors);
        var more = product.Object("extension_attributes");
        var custom = Custom(product);
        var name = product.Text("name");
        if (name is null && errors.Count == before)
            errors.Add(new("$.name", "json.missingMember", "name is missing; it must be a text."));
        var links = product.List("product_links").Select(link => (Type: link.Text("link_type"), Sku: link.Text("linked_product_sku"), At: link.Number("position") ?? 0))
            .OrderBy(link => link.At).ToList();
        var request = new ProductRequest
        {
            Sku = product.Text("sku"),
            Name = name ?? "",
            Type = TypeOf(product.Text("type_id")),
            Status = IsOnNoWebsite(more) ? ProductStatus.Disabled : Status(product.Number("status"), errors),
            Visibility = Visibility(product.Number("visibility"), errors),
            Websites = [.. more.List("website_ids").Select(id => Website(id.Number(), websites)).OfType<string>()],
            Price = product.Number("price"),
            SpecialPrice = custom.GetValueOrDefault("special_price")?.Number(),
            SpecialFrom = Day(custom, "special_from_date", errors),
            SpecialTo = Day(custom, "special_to_date", errors),
            TierPrices = [.. product.List("tier_prices").Select(tier => Tier(tier, websites))],
            Stock = more.Object("stock_item") is { IsThere: true } stock ? new(stock.Truth("is_in_stock") ?? true, stock.Number("qty")) : null,
            Weight = product.Number("weight"),
            TaxClass = custom.GetValueOrDefault("tax_class_id")?.Text(),
            Categories = Categories(more, custom),
            Attributes = Attributes(product, custom),
            Children = [.. Linked("associated").Concat(Parts(more)).Distinct()],
            ChildExternalIds = [.. more.List("configurable_product_links").Select(id => id.Text()).OfType<string>()],
            Related = [.. Linked("related")],
            UpSells = [.. Linked("upsell")],
            CrossSells = [.. Linked("crosssell")],
            ExternalId = product.Text("id"),
            IsNamedByExternalId = product.Text("id") is not null,
        };
        return errors.Count > before ? null : request;

        IEnumerable<string> Linked(string type) => links.Where(link => link.Type == type && link.Sku is not null).Select(link => link.Sku!);
    }

    /// <summary>What is taken for something else than it says, or shown less; nothing of it is wrong.</summary>
    public static IEnumerable<ProblemError> Remarks(JsonElement json)
    {
        var product = new AdobeNode(Wrapped(json) ?? json, "$", []);
        if (product.Text("type_id") is { } type && !Types.ContainsKey(type))
            yield return new("$.type_id", "product.unknownType", $"There is no counterpart of the product type {type}; it is taken as simple.");
        if (IsOnNoWebsite(product.Object("extension_attributes")))
            yield return new("$.extension_attributes.website_ids", "product.noWebsite", "It is on no website, so nobody sees it: it is disabled.");
    }

    private static JsonElement? Wrapped(JsonElement json) =>
        json.TryGetProperty("product", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : null;

    private static Dictionary<string, AdobeNode> Custom(AdobeNode product)
    {
        var custom = new Dictionary<string, AdobeNode>(StringComparer.Ordinal);
        foreach (var attribute in product.List("custom_attributes"))
        {
            if (attribute.Text("attribute_code") is { } code)
                custom[code] = attribute.Object("value");
        }

        return custom;
    }

    private static Dictionary<string, JsonElement> Attributes(AdobeNode product, Dictionary<string, AdobeNode> custom)
    {
        var attributes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (code, value) in custom)
        {
            if (!Members.Contains(code) && value.Plain() is { } plain)
                attributes[code] = plain;
        }

        if (product.Object("attribute_set_id").Plain() is { } set)
            attributes["attribute_set_id"] = set;
        return attributes;
    }

    /// <summary>What may be chosen for a bundle, option by option.</summary>
    private static IEnumerable<string> Parts(AdobeNode more) =>
        more.List("bundle_product_options").SelectMany(option => option.List("product_links")).Select(link => link.Text("sku")).OfType<string>();

    private static List<string> Categories(AdobeNode more, Dictionary<string, AdobeNode> custom)
    {
        var linked = more.List("category_links").Select(link => link.Text("category_id"));
        var listed = custom.TryGetValue("category_ids", out var ids) ? ids.List().Select(id => id.Text()) : [];
        return [.. linked.Concat(listed).OfType<string>().Distinct()];
    }

    private static TierPrice Tier(AdobeNode tier, WebsiteSet websites)
    {
        var more = tier.Object("extension_attributes");
        var percentage = more.Number("percentage_value");
        var group = tier.Number("customer_group_id");
        return new()
        {
            Website = Website(more.Number("website_id"), websites),
            CustomerGroup = group is null or AllGroups or < 0 or > AllGroups ? null : (int)group,
            Quantity = tier.Number("qty") ?? 1,
            Price = percentage is null ? tier.Number("value") : null,
            Percentage = percentage,
        };
    }

    /// <summary>The code of a website by its number; null for 0, which is all of them.</summary>
    private static string? Website(decimal? number, WebsiteSet websites) =>
        number is null or <= 0 or > int.MaxValue ? null : websites.CodeOf((int)number);

    private static DateOnly? Day(Dictionary<string, AdobeNode> custom, string code, List<ProblemError> errors)
    {
        var text = custom.GetValueOrDefault(code)?.Text();
        if (string.IsNullOrEmpty(text))
            return null;
        // Whole days, written with a time that does not count.
        if (text.Length >= 10 && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        errors.Add(new($"$.custom_attributes.{code}", "product.date", "This must be a date such as 2026-06-15 00:00:00."));
        return null;
    }

    /// <summary>Told of its websites, and there are none: it is sold nowhere. One that tells nothing of them is sold everywhere.</summary>
    private static bool IsOnNoWebsite(AdobeNode more) => more.Object("website_ids") is { IsThere: true } given && !given.List().Any();

    /// <summary>Modules of shops have types of their own.</summary>
    private static ProductType TypeOf(string? id) => id is not null && Types.TryGetValue(id, out var type) ? type : ProductType.Simple;

    private static ProductStatus Status(decimal? number, List<ProblemError> errors)
    {
        if (number is not (null or 1 or 2))
            errors.Add(new("$.status", "product.status", "status must be 1 (enabled) or 2 (disabled)."));
        return number == 2 ? ProductStatus.Disabled : ProductStatus.Enabled;
    }

    private static ProductVisibility Visibility(decimal? number, List<ProblemError> errors)
    {
        if (number is not (null or 1 or 2 or 3 or 4))
            errors.Add(new("$.visibility", "product.visibility", "visibility must be 1 (not visible by itself), 2 (catalogue), 3 (search) or 4 (both)."));
        return number switch
        {
            1 => ProductVisibility.None,
            2 => ProductVisibility.Catalog,
            3 => ProductVisibility.Search,
            _ => ProductVisibility.Both,
        };
    }
}
