namespace PersonalizationPlatform.Conditions.Fields;

/// <summary>What is known about the shopper: attributes, addresses, consent.</summary>
internal static class ProfileFields
{
    public static readonly IReadOnlyList<FieldDescription> All =
    [
        Attribute("firstName", FieldType.Text, "First name.", "Ann"),
        Attribute("lastName", FieldType.Text, "Last name.", "Lee"),
        Attribute("email", FieldType.Text, "E-mail address.", "@example.com"),
        Attribute("phone", FieldType.Text, "Telephone number.", "+49"),
        Attribute("gender", FieldType.Text, "Gender as the shop states it.", "female"),
        Attribute("birthDate", FieldType.Date, "Date of birth; anniversaryWithin P0D is the birthday today.", "1990-04-02"),
        Attribute("group", FieldType.Text, "Customer group, id or name as the shop sends it.", "wholesale"),
        Attribute("customerSince", FieldType.Instant, "When the account was created.", "2025-01-10"),
        Attribute("newsletter", FieldType.Truth, "Whether subscribed to the newsletter.", "true"),
        Attribute("storeCredit", FieldType.Number, "Store credit balance.", "50"),
        Attribute("rewardPoints", FieldType.Number, "Reward points balance.", "200"),
        new()
        {
            Name = "profile.registered",
            Type = FieldType.Truth,
            UsableIn = FieldScope.Profile,
            Description = "Whether the shopper has a customer account (a CustomerId).",
            Example = "true",
            Read = static (in Scope scope, string _) => FieldValues.Of(scope.Moment.Facts.IsRegistered),
        },
        new()
        {
            Name = "profile.firstSeen",
            Type = FieldType.Instant,
            UsableIn = FieldScope.Profile,
            Description = "When the shopper was first seen.",
            Example = "2026-01-31",
            Read = static (in Scope scope, string _) => scope.Moment.Facts.FirstSeen is { } seen && seen <= scope.Now ? FieldValues.Of(seen) : null,
        },
        new()
        {
            Name = "profile.attributes.<name>",
            Type = FieldType.Any,
            UsableIn = FieldScope.Profile,
            Description = "A custom attribute of the shopper.",
            Example = "42",
            Needs = static needs => needs.Attributes = true,
            Attribute = static name => "attributes." + name,
            Read = static (in Scope scope, string name) => scope.Moment.Attribute("attributes." + name)?.Value,
        },
        new()
        {
            Name = "profile.address.<part>",
            Type = FieldType.Text,
            UsableIn = FieldScope.Profile,
            Lists = ListMeaning.Each,
            Members = AddressFields.Parts,
            Description = "A part of any address of the shopper; use anyAddress for several parts of one and the same address.",
            Example = "DE",
            Needs = static needs => needs.Attributes = true,
            Read = static (in Scope scope, string part) => AddressFields.OfEach(AddressReading.OfProfile(scope.Moment), part),
        },
        Address("billing"),
        Address("shipping"),
        new()
        {
            Name = "consent.<purpose>",
            Type = FieldType.Truth,
            UsableIn = FieldScope.Profile,
            Description = "The shopper's choice for a purpose: collect, share, personalize, marketing.email, …; missing when no choice was made.",
            Example = "true",
            Needs = static needs => needs.Attributes = true,
            Attribute = static purpose => "consent." + purpose,
            Read = static (in Scope scope, string purpose) => Typed(scope.Moment.Attribute("consent." + purpose)?.Value, FieldType.Truth),
        },
    ];

    private static FieldDescription Attribute(string name, FieldType type, string description, string example) => new()
    {
        Name = "profile." + name,
        Type = type,
        UsableIn = FieldScope.Profile,
        Description = description,
        Example = example,
        Needs = static needs => needs.Attributes = true,
        Attribute = _ => name,
        Read = (in Scope scope, string _) => Typed(scope.Moment.Attribute(name)?.Value, type),
    };

    private static FieldDescription Address(string role) => new()
    {
        Name = $"profile.{role}Address.<part>",
        Type = FieldType.Text,
        UsableIn = FieldScope.Profile,
        Lists = ListMeaning.Each,
        Members = AddressFields.Parts,
        Description = $"A part of the shopper's {role} address; where none is asserted as such, of the default {role} address of the address book.",
        Example = "DE",
        Needs = static needs => needs.Attributes = true,
        Read = (in Scope scope, string part) => AddressFields.Part(AddressReading.OfProfile(scope.Moment, role), part),
    };

    /// <summary>Senders write truths and dates as they like; what cannot be read as the field's type stays as it came.</summary>
    private static FieldValue? Typed(FieldValue? value, FieldType type)
    {
        if (value is null || type is FieldType.Text or FieldType.Number)
            return value;
        if (type == FieldType.Truth)
        {
            return FieldValues.Show(value).ToLowerInvariant() switch
            {
                "true" or "1" or "yes" or "y" or "in" => FieldValues.Of(true),
                "false" or "0" or "no" or "n" or "out" => FieldValues.Of(false),
                _ => value,
            };
        }

        if (value is not FieldValue.Text text || !FieldValues.TryInstant(text.Value, out var at, out _))
            return value;
        return FieldValues.Of(type == FieldType.Date ? new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero) : at);
    }
}
