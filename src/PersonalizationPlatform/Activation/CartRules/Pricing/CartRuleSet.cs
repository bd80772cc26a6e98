using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>All live cart rules of one publication, in the order they are applied, indexed by what they need. Immutable.</summary>
public sealed class CartRuleSet
{
    public static readonly CartRuleSet Empty = new([]);

    private readonly Dictionary<Guid, int> _byId;

    /// <param name="rules">In any order; those that are not live are left out.</param>
    public CartRuleSet(IEnumerable<CartRule> rules)
    {
        Rules = [.. rules.Where(rule => rule.Status == DefinitionStatus.Live).OrderBy(rule => rule.Priority).ThenBy(rule => rule.Number).ThenBy(rule => rule.Id)];
        Prepared = [.. Rules.Select(rule => new PreparedRule(rule))];
        Index = new RuleIndex(Prepared);
        _byId = new Dictionary<Guid, int>(Rules.Count);
        for (var i = 0; i < Rules.Count; i++)
            _byId.TryAdd(Rules[i].Id, i);
    }

    /// <summary>By priority, then number.</summary>
    public IReadOnlyList<CartRule> Rules { get; }

    internal PreparedRule[] Prepared { get; }

    internal RuleIndex Index { get; }

    /// <summary>A rule's place in the order, -1 when it is not live.</summary>
    internal int PlaceOf(Guid rule) => _byId.GetValueOrDefault(rule, -1);
}
