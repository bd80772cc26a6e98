using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>Product lines (<c>productListItems</c>).</summary>
internal static class XdmLines
{
    private static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "id", "lineItemId", "SKU", "sku", "name", "quantity", "priceTotal", "discountAmount", "currencyCode",
    };

    /// <summary>Misspellings in the documentation and in the XDM schema, by what was meant.</summary>
    private static readonly Dictionary<string, string> Typos = new(StringComparer.Ordinal)
    {
        ["returnItem.eturnQuantityReceived"] = "returnItem.returnQuantityReceived",
        ["returnItem.returnQuanitityAuthorized"] = "returnItem.returnQuantityAuthorized",
    };

    /// <summary>Whether the event says anything of lines, be it that there are none.</summary>
    public static bool AreListed(XdmNode xdm) => xdm["productListItems"].Element.ValueKind == JsonValueKind.Array;

    public static IReadOnlyList<LineItem> Read(XdmNode xdm)
    {
        var lines = new List<LineItem>();
        foreach (var line in xdm["productListItems"].Each())
            if (line.IsObject)
                lines.Add(Line(line));
        return lines;
    }

    /// <summary>What the lines say was paid back for them; null when none says so.</summary>
    public static decimal? Refunded(XdmNode xdm)
    {
        decimal? sum = null;
        foreach (var line in xdm["productListItems"].Each())
            if (line.Amount("refundAmount") is { } refunded)
                sum = (sum ?? 0) + refunded;
        return sum;
    }

    private static LineItem Line(XdmNode line) => new()
    {
        Id = line.Text("id", "lineItemId"),
        Sku = line.Code("SKU", "sku"),
        Name = line.Text("name"),
        Quantity = line.Amount("quantity"),
        Total = line.Amount("priceTotal"),
        Discount = line.Amount("discountAmount"),
        Currency = line.Code("currencyCode"),
        Categories = Categories(line),
        Attributes = Attributes(line),
    };

    /// <summary>Ids, names and path parts, each once. The collector writes <c>productCategories</c>, the back office <c>categories</c>.</summary>
    private static List<string> Categories(XdmNode line)
    {
        var found = new List<string>();
        foreach (var category in line["productCategories"].Each().Concat(line["categories"].Each()))
        {
            Add(found, category.AsText() ?? category.Text("categoryID", "categoryId", "id"));
            Add(found, category.Text("categoryName", "name"));
            foreach (var part in (category.Text("categoryPath", "path") ?? "").Split('/'))
                Add(found, part);
        }

        return found;
    }

    /// <summary>Chosen options first, then every other scalar member, nested ones by their dotted path.</summary>
    private static Dictionary<string, string> Attributes(XdmNode line)
    {
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var option in line["selectedOptions"].Each())
            if (option.Text("attribute", "name", "label") is { } name && option.Text("value") is { } chosen)
                attributes.TryAdd(name, chosen);
        foreach (var (path, value) in line.Scalars())
            if (!Named.Contains(path) && !path.StartsWith("selectedOptions.", StringComparison.Ordinal) && value.AsText() is { } text)
                attributes.TryAdd(Typos.GetValueOrDefault(path, path), text);
        return attributes;
    }

    private static void Add(List<string> found, string? value)
    {
        if (value?.Trim() is { Length: > 0 } text && !found.Contains(text, StringComparer.OrdinalIgnoreCase))
            found.Add(text);
    }
}
