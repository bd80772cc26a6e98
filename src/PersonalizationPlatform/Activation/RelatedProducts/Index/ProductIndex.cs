using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Conditions.Nodes;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.RelatedProducts.Index;

/// <summary>
/// Finds the products of one state of the catalogue that a condition is true for, without looking at each: fields are indexed when
/// first asked for, what was found is remembered. Safe to share.
/// </summary>
internal sealed class ProductIndex
{
    /// <summary>Bytes of remembered findings; when there are more, all are forgotten.</summary>
    private const int MaxRemembered = 64 << 20;

    private readonly Dictionary<string, int> places;
    private readonly ConcurrentDictionary<string, Lazy<FieldIndex>> fields = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Code, string? NumberCode), Lazy<ProductBits>> showable = new();
    private readonly ConcurrentDictionary<LeafKey, ProductBits> leaves = new();
    private readonly ConcurrentDictionary<RuleKey, ProductBits> rules = new();
    private readonly int capacity;

    public ProductIndex(CatalogSnapshot snapshot)
    {
        Snapshot = snapshot;
        places = new(snapshot.Products.Count, StringComparer.Ordinal);
        for (var place = 0; place < snapshot.Products.Count; place++)
            places[snapshot.Products[place].Sku] = place;
        capacity = Math.Max(100, MaxRemembered / ((snapshot.Products.Count / 8) + 100));
    }

    public CatalogSnapshot Snapshot { get; }

    public CatalogProduct At(int place) => Snapshot.Products[place];

    /// <summary>Where the product with exactly this SKU stands; null when it is not here.</summary>
    public int? PlaceOf(string sku) => places.TryGetValue(sku, out var place) ? place : null;

    /// <summary>The products a website can show: enabled, visible, in stock and sold there.</summary>
    public ProductBits Showable(Website website)
    {
        var name = (website.Code.ToLowerInvariant(), website.NumberCode);
        if (showable.TryGetValue(name, out var known))
            return known.Value;
        var made = new Lazy<ProductBits>(() => Where(product => IsShowable(product, website)));
        // Callers name websites as they like.
        return showable.Count < 1000 ? showable.GetOrAdd(name, made).Value : made.Value;
    }

    public static bool IsShowable(CatalogProduct product, Website website) =>
        product.Enabled && product.Visible && product.InStock && product.IsSoldOn(website);

    /// <summary>What a rule displays beside a product.</summary>
    /// <param name="scope">The moment, and the product viewed.</param>
    public ProductBits Displayed(RelatedRule rule, in Scope scope)
    {
        if (rule.Display is not { } display)
            return ProductBits.All(Snapshot.Products.Count);
        if (rule.DependsOnTime)
            return Matching(display, scope);
        var key = new RuleKey(rule.Id, rule.Version, scope.Moment.Website.Currency, rule.ViewedLeaves.Count == 0 ? "" : Viewed(rule, scope));
        if (rules.TryGetValue(key, out var known))
            return known;
        if (rules.Count >= capacity / 2)
            rules.Clear();
        return rules[key] = Matching(display, scope);
    }

    /// <summary>The products a condition in the place <c>candidate</c> is true for.</summary>
    public ProductBits Matching(Condition condition, in Scope scope)
    {
        switch (condition)
        {
            case Group group:
                return Combined(group, scope);
            case Compare { Operand: Operand.Span } timed:
                return Field(timed.Field, timed.Currency, scope.Moment).Holding(timed.Operator, timed.Operand, timed.Field.Description.Lists, scope.Now);
            case Compare leaf:
                return Remembered(leaf, scope);
            case CompareWithViewed leaf:
                var operand = leaf.OperandFor(scope);
                if (operand is null)
                    return leaf.Judge(null, null, scope.Now).Matches ? ProductBits.All(Snapshot.Products.Count) : ProductBits.None(Snapshot.Products.Count);
                return Field(leaf, scope.Moment).Holding(leaf.Operator, operand, leaf.Field.Description.Lists, scope.Now);
            default:
                var each = scope;
                return Where(product => condition.Evaluate(each with { Product = product }).Matches);
        }
    }

    /// <summary>Makes everything ready that the rule will ask for, whatever product is viewed.</summary>
    public void Prepare(RelatedRule rule, Moment moment)
    {
        foreach (var leaf in rule.ViewedLeaves)
            Field(leaf, moment);
        if (rule.ViewedLeaves.Count == 0)
            Displayed(rule, new Scope(moment));
        else if (rule.Display is { } display)
            Matching(display, new Scope(moment));
    }

    private ProductBits Combined(Group group, in Scope scope)
    {
        if (group.Of.Count == 0)
            return ProductBits.All(Snapshot.Products.Count);
        var all = group.Match is Match.All or Match.NotAll;
        var bits = Matching(group.Of[0], scope);
        for (var i = 1; i < group.Of.Count; i++)
        {
            var next = Matching(group.Of[i], scope);
            bits = all ? bits.And(next) : bits.Or(next);
        }

        return group.Match is Match.None or Match.NotAll ? bits.Not() : bits;
    }

    private ProductBits Remembered(Compare leaf, in Scope scope)
    {
        var key = new LeafKey(leaf, scope.Moment.Website.Currency);
        if (leaves.TryGetValue(key, out var known))
            return known;
        if (leaves.Count >= capacity / 2)
            leaves.Clear();
        return leaves[key] = Field(leaf.Field, leaf.Currency, scope.Moment).Holding(leaf.Operator, leaf.Operand, leaf.Field.Description.Lists, scope.Now);
    }

    private FieldIndex Field(Field field, string? currency, Moment moment)
    {
        var scope = new Scope(moment);
        var name = field.Description.Type == FieldType.Amount ? $"{field.Name} {currency} {moment.Website.Currency}" : field.Name;
        return Field(name, product => field.Read(scope with { Product = product }, currency));
    }

    private FieldIndex Field(CompareWithViewed leaf, Moment moment)
    {
        if (leaf.Field.Name != CompareWithViewed.Categories)
            return Field(leaf.Field, null, moment);
        var scope = new Scope(moment);
        return Field(leaf.ChildCategories ? "containing categories" : "own categories", product => leaf.ReadCandidate(scope with { Product = product }));
    }

    private FieldIndex Field(string name, Func<ProductFact, FieldValue?> read) =>
        fields.GetOrAdd(name, static (_, made) => new(() => new FieldIndex(made.Products, made.Read)), (Snapshot.Products, Read: read)).Value;

    private ProductBits Where(Func<CatalogProduct, bool> holds) => ProductBits.Of(Snapshot.Products.Count, bits =>
    {
        for (var place = 0; place < Snapshot.Products.Count; place++)
        {
            if (holds(Snapshot.Products[place]))
                bits.Add(place);
        }
    });

    /// <summary>What of the viewed product the rule looks at; two products alike in this are shown the same.</summary>
    private static string Viewed(RelatedRule rule, in Scope scope)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0);
        foreach (var leaf in rule.ViewedLeaves)
        {
            var operand = leaf.OperandFor(scope);
            text.AppendLiteral(operand is Operand.Values { IsList: true } ? "\u001f[" : "\u001f");
            foreach (var value in operand is Operand.Values values ? values.All : [])
            {
                text.AppendFormatted(value.GetType().Name[0]);
                text.AppendLiteral(FieldValues.Show(value));
                text.AppendLiteral("\u001e");
            }
        }

        return text.ToStringAndClear();
    }

    private readonly record struct RuleKey(Guid Rule, int Version, string Currency, string Viewed);

    /// <summary>A leaf of a rule's tree; rules that did not change keep theirs, so the object itself is its name.</summary>
    private readonly struct LeafKey(Compare leaf, string currency) : IEquatable<LeafKey>
    {
        private readonly Compare leaf = leaf;
        private readonly string currency = currency;

        public bool Equals(LeafKey other) => ReferenceEquals(leaf, other.leaf) && currency == other.currency;

        public override bool Equals(object? obj) => obj is LeafKey other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(leaf), currency);
    }
}
