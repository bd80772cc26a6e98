using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>
/// Reads addresses from attribute assertions (one object or a list) without ever failing: what is not a scalar is left out.
/// </summary>
internal static class AddressReading
{
    public static IReadOnlyList<Address> Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => [One(json)],
        JsonValueKind.Array => [.. json.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object).Select(One)],
        _ => [],
    };

    /// <summary>The shopper's addresses: the address book, and the billing and shipping address records assert on their own.</summary>
    public static IEnumerable<Address> OfProfile(Moment moment)
    {
        foreach (var address in moment.Attribute("addresses")?.Addresses ?? [])
            yield return address;
        foreach (var address in moment.Attribute("billingAddress")?.Addresses ?? [])
            yield return WithRole(address, "billing");
        foreach (var address in moment.Attribute("shippingAddress")?.Addresses ?? [])
            yield return WithRole(address, "shipping");
    }

    /// <summary>The billing or shipping address: the one asserted as such, else the default one of the address book.</summary>
    public static Address? OfProfile(Moment moment, string role)
    {
        if (moment.Attribute(role + "Address")?.Addresses is [var own, ..])
            return own;
        foreach (var address in moment.Attribute("addresses")?.Addresses ?? [])
        {
            if (address.Roles.Contains(role, StringComparer.OrdinalIgnoreCase) || address.Roles.Contains("default_" + role, StringComparer.OrdinalIgnoreCase))
                return address;
        }

        return null;
    }

    /// <summary>The billing and shipping address of the order being looked at.</summary>
    public static IEnumerable<Address> OfOrder(Scope scope)
    {
        if ((scope.Order?.BillingAddress ?? scope.Event?.Content.Order?.BillingAddress) is { } billing)
            yield return WithRole(billing, "billing");
        if ((scope.Order?.ShippingAddress ?? scope.Event?.Content.Order?.ShippingAddress) is { } shipping)
            yield return WithRole(shipping, "shipping");
    }

    private static Address WithRole(Address address, string role) =>
        address.Roles.Contains(role, StringComparer.OrdinalIgnoreCase) ? address : address with { Roles = [.. address.Roles, role] };

    private static Address One(JsonElement json)
    {
        var address = new Address();
        var other = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name.Equals("roles", StringComparison.OrdinalIgnoreCase) || member.Name.Equals("role", StringComparison.OrdinalIgnoreCase))
            {
                address = address with { Roles = [.. Texts(FieldValues.Read(member.Value))] };
                continue;
            }

            if (member.Name.Equals("other", StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var inner in member.Value.EnumerateObject())
                    Put(other, inner.Name, inner.Value);
                continue;
            }

            if (FieldValues.Read(member.Value) is not { } value)
                continue;
            var text = FieldValues.Show(value);
            switch (member.Name.ToLowerInvariant())
            {
                case "street": address = address with { Street = text }; break;
                case "city": address = address with { City = text }; break;
                case "state": address = address with { State = text }; break;
                case "postalcode": address = address with { PostalCode = text }; break;
                case "country": address = address with { Country = text }; break;
                case "company": address = address with { Company = text }; break;
                case "firstname": address = address with { FirstName = text }; break;
                case "lastname": address = address with { LastName = text }; break;
                case "phone": address = address with { Phone = text }; break;
                case "vatid": address = address with { VatId = text }; break;
                default: Put(other, member.Name, member.Value); break;
            }
        }

        return address with { Other = other };
    }

    private static IEnumerable<string> Texts(FieldValue? value) => value switch
    {
        FieldValue.Many many => many.Values.Select(FieldValues.Show),
        null => [],
        _ => [FieldValues.Show(value)],
    };

    private static void Put(Dictionary<string, string> other, string name, JsonElement json)
    {
        if (FieldValues.Read(json) is { } value)
            other[name] = FieldValues.Show(value);
    }
}
