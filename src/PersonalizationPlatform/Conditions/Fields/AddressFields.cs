using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Fields;

/// <summary>The parts of an address, on its own (<c>address.*</c>) or under a name (<c>profile.address.*</c>, <c>order.billingAddress.*</c>).</summary>
internal static class AddressFields
{
    public static readonly IReadOnlyList<string> Parts =
        ["street", "city", "state", "postalCode", "country", "company", "firstName", "lastName", "phone", "vatId", "role", "other.<name>"];

    public static readonly IReadOnlyList<FieldDescription> All =
    [
        new()
        {
            Name = "address.<part>",
            Type = FieldType.Text,
            UsableIn = FieldScope.Address,
            Lists = ListMeaning.Each,
            Members = Parts,
            Description = "A part of the address being looked at; role is billing, shipping, default_billing or default_shipping, other.<name> any further member.",
            Example = "DE",
            Read = static (in Scope scope, string part) => Part(scope.Address, part),
        },
    ];

    public static FieldValue? Part(Address? address, string part) => address is null ? null : part switch
    {
        "street" => FieldValues.Of(address.Street),
        "city" => FieldValues.Of(address.City),
        "state" => FieldValues.Of(address.State),
        "postalCode" => FieldValues.Of(address.PostalCode),
        "country" => FieldValues.Of(address.Country),
        "company" => FieldValues.Of(address.Company),
        "firstName" => FieldValues.Of(address.FirstName),
        "lastName" => FieldValues.Of(address.LastName),
        "phone" => FieldValues.Of(address.Phone),
        "vatId" => FieldValues.Of(address.VatId),
        "role" => FieldValues.Of(address.Roles),
        _ => part.StartsWith("other.", StringComparison.Ordinal) && address.Other.TryGetValue(part[6..], out var other) ? FieldValues.Of(other) : null,
    };

    /// <summary>The part of each address, as a list; null when none has it.</summary>
    public static FieldValue? OfEach(IEnumerable<Address> addresses, string part)
    {
        var values = new List<FieldValue>();
        foreach (var address in addresses)
            FieldValues.AddFlat(values, Part(address, part));
        return FieldValues.Of(values);
    }
}
