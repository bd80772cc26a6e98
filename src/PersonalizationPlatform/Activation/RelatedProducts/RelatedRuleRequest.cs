using System.Text.Json;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>A related-product rule as a person writes it. A PUT replaces all of it. Fields and meanings are Adobe Commerce's.</summary>
[ReadOnlyMembers("id", "version", "createdAt", "updatedAt")]
public sealed record RelatedRuleRequest : IRuleRequest
{
    public required string Name { get; init; }

    /// <summary>Made from the name when absent.</summary>
    public string? Key { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary><c>live</c> when absent in a new rule; unchanged when absent in a PUT.</summary>
    public DefinitionStatus? Status { get; init; }

    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Orders rules of equal priority; the external id where that is a number, else the next of a sequence.</summary>
    public long? Number { get; init; }

    /// <summary>Lower goes first; 0 when absent.</summary>
    public int? Priority { get; init; }
    public required ProductList ApplyTo { get; init; }

    /// <summary>First day, in the website's time zone.</summary>
    public DateOnly? FromDate { get; init; }

    /// <summary>Last day, itself included.</summary>
    public DateOnly? ToDate { get; init; }

    /// <summary>Products the rule gives a list at most, 1 to 20; 20 when absent.</summary>
    public int? ResultLimit { get; init; }

    /// <summary>
    /// Ids or keys, or <c>{ "external": "5" }</c> for a segment that only another system knows. The shopper is in any of them, or of
    /// the audiences; none of both = everybody.
    /// </summary>
    public IReadOnlyList<JsonElement>? Segments { get; init; }

    /// <summary>Ids or keys, or <c>{ "external": "…" }</c>.</summary>
    public IReadOnlyList<JsonElement>? Audiences { get; init; }

    /// <summary>Beside which products; absent = every one. The condition language in the place <c>product</c>.</summary>
    public JsonElement? Match { get; init; }

    /// <summary>Which products are shown; absent = every one. The condition language in the place <c>candidate</c>.</summary>
    public JsonElement? Display { get; init; }
}

/// <summary>A list of further products.</summary>
public enum ProductList
{
    /// <summary>Beside the product viewed.</summary>
    Related,

    /// <summary>Instead of the product viewed.</summary>
    Upsell,

    /// <summary>With what is in the cart.</summary>
    Crosssell,
}

/// <summary>A related-product rule as it is kept; defaults filled in.</summary>
/// <param name="Segments">Ids, or <c>{ "external": "5" }</c>.</param>
/// <param name="Audiences">Ids, or <c>{ "external": "…" }</c>.</param>
public sealed record RelatedRuleAnswer(
    Guid Id, string Key, string Name, string? Description, DefinitionStatus Status, int Version, string? ExternalId, long Number, int Priority,
    ProductList ApplyTo, DateOnly? FromDate, DateOnly? ToDate, int ResultLimit, IReadOnlyList<JsonElement> Segments,
    IReadOnlyList<JsonElement> Audiences, JsonElement? Match, JsonElement? Display, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static RelatedRuleAnswer Of(RelatedRuleDefinition rule)
    {
        var body = StoredRule.Body<RelatedRuleRequest>(rule.Body);
        return new(
            rule.Id, rule.Key, rule.Name, body.Description, rule.Status, rule.Version, rule.ExternalId, rule.Number, body.Priority ?? 0,
            body.ApplyTo, body.FromDate, body.ToDate, body.ResultLimit ?? RelatedRule.MaxResults, body.Segments ?? [],
            body.Audiences ?? [], body.Match, body.Display, rule.CreatedAt, rule.UpdatedAt);
    }
}
