using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Conditions.Nodes;

namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>
/// Something without which a tree cannot hold: one of some values of a field of the cart or of its lines, or one of some memberships.
/// What is found is never too much, so a rule that is not looked at could not have been applied.
/// </summary>
internal sealed record Necessary(IReadOnlyList<(Field Field, FieldValue Value)> Values, IReadOnlyList<Condition> Memberships, int Rank)
{
    /// <summary>Longer lists than this keep no rule away.</summary>
    private const int MostValues = 20_000;

    /// <summary>The most telling one of a tree; null when there is none.</summary>
    public static Necessary? Of(Condition? tree) => tree switch
    {
        Group { Match: Match.All, Of.Count: > 0 } all => Best(all.Of),
        Group { Match: Match.Any, Of.Count: > 0 } any => Together(any.Of),
        AnyItem item => Of(item.Of),
        ItemsTotal total => Comparison.Compare(0, total.Operator, total.Value) ? null : Of(total.Of),
        Compare compare => OfComparison(compare),
        InSegment or InAudience => new([], [tree], 1),
        _ => null,
    };

    /// <summary>The more telling of two, either of which keeps the rule away.</summary>
    public static Necessary? Better(Necessary? a, Necessary? b)
    {
        if (a is null || b is null)
            return a ?? b;
        return a.Rank != b.Rank ? (a.Rank > b.Rank ? a : b) : a.Count <= b.Count ? a : b;
    }

    private int Count => Values.Count + Memberships.Count;

    private static Necessary? Best(IReadOnlyList<Condition> of)
    {
        Necessary? best = null;
        foreach (var condition in of)
            best = Better(best, Of(condition));
        return best;
    }

    private static Necessary? Together(IReadOnlyList<Condition> of)
    {
        var values = new List<(Field, FieldValue)>();
        var memberships = new List<Condition>();
        var rank = int.MaxValue;
        foreach (var condition in of)
        {
            if (Of(condition) is not { } one || values.Count + one.Values.Count > MostValues)
                return null;
            values.AddRange(one.Values);
            memberships.AddRange(one.Memberships);
            rank = Math.Min(rank, one.Rank);
        }

        return new Necessary(values, memberships, rank);
    }

    private static Necessary? OfComparison(Compare compare)
    {
        var description = compare.Field.Description;
        var isEquality = compare.Operator is Operator.Equals or Operator.OneOf
            || (compare.Operator == Operator.Contains && description.Type == FieldType.TextList);
        // Of days and instants there is no telling how the cart writes them.
        if (!isEquality || compare.Operand is not Operand.Values { Time: null } operand || operand.All.Count + (operand.Pieces?.All.Count ?? 0) > MostValues
            || description.Type is not (FieldType.Text or FieldType.TextList or FieldType.Any))
            return null;
        var rank = compare.Field.Name switch
        {
            "item.sku" => 5,
            "item.categories" => 3,
            "item.type" or "cart.paymentMethod" or "cart.shippingMethod" => 1,
            _ => description.UsableIn.HasFlag(FieldScope.CartLine) ? 4 : 2,
        };
        return new Necessary([.. operand.All.Concat(operand.Pieces?.All ?? []).Select(value => (compare.Field, value))], [], rank);
    }
}
