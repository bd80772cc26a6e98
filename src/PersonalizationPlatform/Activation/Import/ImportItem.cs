using System.Text.Json;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>The parts of a body, in the order they are worked off: what others refer to comes first.</summary>
internal enum ImportPart
{
    CustomerGroups,
    CustomerSegments,
    Categories,
    Products,
    SalesRules,
    Coupons,

    /// <summary>A member of the body that is none of these.</summary>
    Unknown,
}

/// <summary>One item of the body: one rule, one coupon, one product; all categories together.</summary>
/// <param name="Path">Where it stands, e.g. <c>$.salesRules.items[3]</c>.</param>
/// <param name="Json">As sent; empty for a part that is not known.</param>
/// <param name="Rule">Of a coupon: the rule it belongs to.</param>
/// <param name="Code">Of a coupon a person chose: its code. Generated ones have none here.</param>
internal sealed record ImportItem(ImportPart Part, string Path, byte[] Json, string? Rule = null, string? Code = null)
{
    /// <summary>The member of the body.</summary>
    public string Member => Part == ImportPart.Unknown ? Path.Split('.', '[')[1] : MemberOf(Part);

    /// <summary>What the shop calls it, as far as that can be told of one that is refused.</summary>
    public string? Id => Read(json =>
    {
        string[] names = Part switch
        {
            ImportPart.CustomerGroups => ["id"],
            ImportPart.CustomerSegments => ["id", "segment_id"],
            ImportPart.SalesRules => ["rule_id"],
            ImportPart.Coupons => ["coupon_id"],
            _ => [],
        };
        return names.Select(name => AdobeValue.Text(AdobeValue.Member(json, name))?.Trim()).FirstOrDefault(text => !string.IsNullOrEmpty(text)) is { } id
            ? ConditionJson.Shorten(id)
            : null;
    });

    /// <summary>Something in it that is wanted beside its turn; null when it cannot be read.</summary>
    public T? Read<T>(Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(Json, new JsonDocumentOptions { MaxDepth = ImportStep.MaxJsonDepth });
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static string MemberOf(ImportPart part) => JsonNamingPolicy.CamelCase.ConvertName(part.ToString());

    /// <summary>The members by one of which an item of the part is told from a page.</summary>
    public static string[] KnownBy(ImportPart part) => part switch
    {
        ImportPart.SalesRules => ["rule_id"],
        ImportPart.Coupons => ["coupon_id", "code"],
        ImportPart.Products => ["sku", "id", "product"],
        ImportPart.CustomerSegments => ["id", "segment_id"],
        _ => ["id"],
    };

    public static ImportPart PartOf(string member) => member switch
    {
        "customerGroups" => ImportPart.CustomerGroups,
        "customerSegments" => ImportPart.CustomerSegments,
        "categories" => ImportPart.Categories,
        "products" => ImportPart.Products,
        "salesRules" => ImportPart.SalesRules,
        "coupons" => ImportPart.Coupons,
        _ => ImportPart.Unknown,
    };
}
