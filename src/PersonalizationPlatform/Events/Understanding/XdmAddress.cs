using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>Postal addresses in XDM's names, the shop's own names, and mixtures of both.</summary>
internal static class XdmAddress
{
    private static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "street", "street1", "street2", "street3", "street4", "city", "state", "stateProvince", "region", "region_id", "region_code", "regionCode",
        "postalCode", "postcode", "postal_code", "zip", "country", "countryCode", "country_id", "country_code", "company", "firstName", "firstname",
        "lastName", "lastname", "phone", "telephone", "number", "vatId", "vat_id", "vatID", "role", "roles", "primary", "default_billing",
        "defaultBilling", "default_shipping", "defaultShipping", "id", "customer_id",
    };

    /// <summary>Null when nothing in it says where.</summary>
    public static Address? Read(XdmNode node, string? phone = null)
    {
        if (!node.IsObject)
            return null;
        var region = node["region"];
        var address = new Address
        {
            Street = Street(node),
            City = node.Text("city"),
            State = node.Text("state", "stateProvince", "region_code", "regionCode", "region", "region_id") ?? region.Text("region_code", "region", "region_id"),
            PostalCode = node.Text("postalCode", "postcode", "postal_code", "zip"),
            Country = node.Text("country", "countryCode", "country_id", "country_code"),
            Company = node.Text("company"),
            FirstName = node.Text("firstName", "firstname"),
            LastName = node.Text("lastName", "lastname"),
            Phone = node.Text("phone", "telephone") ?? phone,
            VatId = node.Text("vatId", "vat_id", "vatID"),
            Roles = Roles(node),
            Other = Other(node),
        };
        return address is { Street: null, City: null, State: null, PostalCode: null, Country: null, Company: null, FirstName: null, LastName: null, Phone: null, VatId: null, Other.Count: 0 }
            ? null : address;
    }

    /// <summary>The same place without who lives there: what an order's content keeps.</summary>
    public static Address? ReadPlace(XdmNode node) => Read(node) is { } address
        ? address with { FirstName = null, LastName = null, Phone = null, Other = new Dictionary<string, string>() } : null;

    private static string? Street(XdmNode node)
    {
        var lines = node["street"].Each().Select(line => line.AsText())
            .Concat([node.Text("street1"), node.Text("street2"), node.Text("street3"), node.Text("street4")])
            .Where(line => line is not null).ToList();
        return lines.Count == 0 ? null : string.Join(", ", lines);
    }

    private static List<string> Roles(XdmNode node)
    {
        var roles = node["roles"].Each().Concat(node["role"].Each()).Select(role => role.AsText()).OfType<string>().ToList();
        if (node.Truth("default_billing") ?? node.Truth("defaultBilling") ?? false)
            roles.Add("default_billing");
        if (node.Truth("default_shipping") ?? node.Truth("defaultShipping") ?? false)
            roles.Add("default_shipping");
        return [.. roles.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static Dictionary<string, string> Other(XdmNode node)
    {
        var other = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in node.Scalars())
            if (!Named.Contains(name) && !name.StartsWith("region.", StringComparison.Ordinal) && value.AsText() is { } text)
                other.TryAdd(name, text);
        return other;
    }
}
