using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Shoppers;

/// <summary>What contents may say about a shopper.</summary>
/// <param name="City">Of the shipping address, else the billing address, else the first one known; so is the country.</param>
/// <param name="Attributes">The shopper's custom attributes by name; of several assertions the newest.</param>
public sealed record ShopperFields(
    string? FirstName, string? LastName, string? City, string? Country, string? Group, IReadOnlyDictionary<string, FieldValue> Attributes)
{
    private const string Custom = "attributes.";

    internal static ShopperFields Of(Facts facts, DateTimeOffset at)
    {
        var moment = new Moment(facts, at, static _ => Verdict.False, WebsiteSettings.Base);
        var address = AddressReading.OfProfile(moment, "shipping") ?? AddressReading.OfProfile(moment, "billing") ?? AddressReading.OfProfile(moment).FirstOrDefault();
        var attributes = new Dictionary<string, FieldValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in facts.Attributes.Select(attribute => attribute.Name).Where(name => name.StartsWith(Custom, StringComparison.Ordinal)).Distinct())
        {
            if (moment.Attribute(name)?.Value is { } value)
                attributes[name[Custom.Length..]] = value;
        }

        return new(Text("firstName"), Text("lastName"), address?.City, address?.Country, Text("group"), attributes);

        string? Text(string name) => moment.Attribute(name)?.Value is { } value ? FieldValues.Show(value) : null;
    }
}

/// <summary>Reads what contents may say about shoppers.</summary>
public sealed class ShopperFieldsReader(SnapshotReader snapshots)
{
    public async Task<ShopperFields> ReadAsync(ProfileId profile, DateTimeOffset at, CancellationToken cancellationToken) =>
        ShopperFields.Of((await snapshots.ReadAsync([profile.Value], new Needs { Attributes = true }, cancellationToken))[0].Facts, at);
}
