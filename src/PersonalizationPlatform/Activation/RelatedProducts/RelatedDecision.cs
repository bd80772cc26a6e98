using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Activation.RelatedProducts.Index;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>Whom lists are for, beside what and when.</summary>
/// <param name="Viewed">The product viewed; of cross-sells without one, those in the cart.</param>
/// <param name="Cart">What is in the cart, as the catalogue spells it where it knows it.</param>
/// <param name="Random">Where chance comes from.</param>
internal sealed record RelatedContext(
    Website Website, ShopperStanding Standing, DateTimeOffset At, IReadOnlyList<CatalogProduct> Viewed, IReadOnlyList<CatalogProduct> Cart, Random Random);

/// <summary>
/// Fills lists of further products: those linked by hand first, then those of rules, as Adobe Commerce does. Pure. A list never
/// holds a product viewed, a product twice, or one that the website cannot show; a list of cross-sells none that is in the cart.
/// </summary>
/// <param name="catalogue">The newest state of the catalogue; the index may be of the one before.</param>
internal sealed class RelatedDecision(RelatedRuleSet rules, ProductIndex index, CatalogSnapshot catalogue, RelatedContext context)
{
    private readonly Moment moment = RelatedRuleSet.MomentOf(context.Website.Settings, context.At);
    private readonly DateOnly day = context.Website.DayOf(context.At);

    /// <summary>When time alone may change what was answered; the instant itself where chance decides. Null = never.</summary>
    public DateTimeOffset? ChangesAt { get; private set; }

    public RelatedListAnswer Fill(RelatedList list, bool explain)
    {
        var excluded = context.Viewed.Select(product => product.Sku).ToHashSet(StringComparer.Ordinal);
        if (list.List == ProductList.Crosssell)
            excluded.UnionWith(context.Cart.Select(product => product.Sku));
        var items = new List<RelatedItem>();
        if (list.Show != ShownProducts.RuleBased)
        {
            foreach (var product in Selected(list.List).Where(product => excluded.Add(product.Sku)).Take(list.Max))
                items.Add(Item(product, "selected", null));
        }

        if (list.Show == ShownProducts.Selected)
            return new(items, explain ? [.. rules.For(list.List).Select(rule => Explained(rule, "notAsked", 0, null, null))] : null);
        var notes = explain ? new List<RelatedRuleExplanation>() : null;
        var taken = excluded.Select(index.PlaceOf).OfType<int>().ToHashSet();
        var filling = new ListFilling(index.Showable(context.Website), taken, list.Rotation, context.Random);
        var filled = filling.Fill(rules.For(list.List), rule => Displayed(rule, notes), list.Max - items.Count);
        items.AddRange(filled.Select(entry => Item(index.At(entry.Place), "rule", entry.Rule)));
        if (list.Rotation != ListRotation.PriorityThenId && filled.Count > 0)
            Changes(context.At);
        return new(items, notes is null ? null : Told(list.List, notes, filled));
    }

    /// <summary>The products linked by hand that the website can show, in their order; of several viewed products one after the other.</summary>
    private IEnumerable<CatalogProduct> Selected(ProductList list) => context.Viewed
        .SelectMany(viewed => list switch
        {
            ProductList.Related => viewed.Related,
            ProductList.Upsell => viewed.UpSells,
            _ => viewed.CrossSells,
        })
        .Select(catalogue.Find).OfType<CatalogProduct>().Where(product => ProductIndex.IsShowable(product, context.Website));

    /// <summary>What a rule displays; null when it does not apply.</summary>
    private ProductBits? Displayed(RelatedRule rule, List<RelatedRuleExplanation>? notes)
    {
        if (!rule.IsOn(day))
        {
            notes?.Add(Explained(rule, "date", 0, null, null));
            return null;
        }

        if (!IsFor(rule))
        {
            notes?.Add(Explained(rule, "segment", 0, null, null));
            return null;
        }

        ProductBits? displayed = null;
        Explanation? match = null;
        foreach (var viewed in context.Viewed)
        {
            var scope = new Scope(moment) { Product = viewed, Viewed = viewed };
            if (notes is not null && match?.Matches != true)
                match = rule.Match?.Explain(scope);
            if (rule.Match?.Evaluate(scope) is { } verdict)
            {
                Changes(verdict.ChangesAt);
                if (!verdict.Matches)
                    continue;
            }

            if (rule.DependsOnTime)
                Changes(context.At);
            var beside = index.Displayed(rule, scope);
            displayed = displayed is null ? beside : displayed.Or(beside);
        }

        notes?.Add(Explained(rule, displayed is null ? "match" : "full", 0, displayed?.And(index.Showable(context.Website)).Count(), match));
        return displayed;
    }

    private bool IsFor(RelatedRule rule)
    {
        if (rule.IsForEverybody)
            return true;
        // Both are asked, whether or not one will do: what time may change about them bounds how long the answer keeps.
        var segment = IsInAny([.. rule.Segments.Select(context.Standing.Segment), .. rule.ExternalSegments.Select(context.Standing.ExternalSegment)]);
        var audience = IsInAny([.. rule.Audiences.Select(context.Standing.Audience), .. rule.ExternalAudiences.Select(context.Standing.ExternalAudience)]);
        return segment && audience;
    }

    /// <summary>Where none is asked for, everybody is.</summary>
    private bool IsInAny(IReadOnlyList<Verdict> verdicts)
    {
        var isIn = verdicts.Count == 0;
        foreach (var verdict in verdicts)
        {
            Changes(verdict.ChangesAt);
            isIn |= verdict.Matches;
        }

        return isIn;
    }

    private void Changes(DateTimeOffset? at) => ChangesAt = Verdict.Earlier(ChangesAt, at);

    private List<RelatedRuleExplanation> Told(ProductList list, List<RelatedRuleExplanation> notes, IReadOnlyList<FilledPlace> filled)
    {
        var told = new List<RelatedRuleExplanation>();
        foreach (var rule in rules.For(list))
        {
            var note = notes.Find(note => note.Id == rule.Id) ?? Explained(rule, "full", 0, null, null);
            var shown = filled.Count(entry => entry.Rule.Id == rule.Id);
            told.Add(note with { Shown = shown, Reason = shown > 0 ? "shown" : note.Displayed == 0 ? "nothing" : note.Reason });
        }

        return told;
    }

    private static RelatedRuleExplanation Explained(RelatedRule rule, string reason, int shown, int? displayed, Explanation? match) =>
        new(rule.Id, rule.ExternalId, rule.Key, rule.Priority, reason, shown, displayed, match);

    private RelatedItem Item(CatalogProduct product, string source, RelatedRule? rule) => new(
        product.Sku, product.Name, product.Price, product.Currency ?? context.Website.Currency, source, rule is null ? null : new(rule.Id, rule.ExternalId));
}
