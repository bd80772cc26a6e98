using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Activation.CatalogRules;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.RelatedProducts;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Live;

/// <summary>Everything live that decisions use, as of one publication. Immutable.</summary>
public sealed record LiveSet
{
    public required long Publication { get; init; }

    /// <summary>The epoch of the segments and audiences that belong to it.</summary>
    public required long Epoch { get; init; }
    public required WebsiteSet Websites { get; init; }
    public required BlockSet Blocks { get; init; }
    public required CartRuleSet CartRules { get; init; }
    public required CatalogRuleSet CatalogRules { get; init; }
    public required RelatedRuleSet RelatedRules { get; init; }

    /// <summary>When the next scheduled publication begins or ends; null = none is to come.</summary>
    public DateTimeOffset? NextPublicationAt { get; init; }

    /// <summary>How long an answer of <paramref name="at"/> keeps that would otherwise keep until <paramref name="until"/>.</summary>
    public DateTimeOffset KeepsUntil(DateTimeOffset at, DateTimeOffset until) =>
        NextPublicationAt is not { } next || next >= until ? until : next > at ? next : at;
}
