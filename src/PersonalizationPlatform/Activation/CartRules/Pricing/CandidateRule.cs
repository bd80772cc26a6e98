using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>A rule in a decision.</summary>
/// <param name="prepared">The rule.</param>
/// <param name="place">Among all rules.</param>
/// <param name="at">Among the candidates.</param>
/// <param name="label">What its discount is called.</param>
internal sealed class CandidateRule(PreparedRule prepared, int place, int at, string? label)
{
    public PreparedRule Prepared { get; } = prepared;
    public CartRule Rule => Prepared.Rule;
    public int Place { get; } = place;
    public int At { get; } = at;

    /// <summary>Whether its condition held when it was its turn.</summary>
    public bool Holds { get; set; }

    /// <summary>Recorded on a line, or on the shipping.</summary>
    public bool Applied { get; set; }

    /// <summary>It makes units or the shipment free, whether or not it is recorded.</summary>
    public bool ShipsFree { get; set; }

    /// <summary>A line met its action condition but had left the game.</summary>
    public bool FoundStopped { get; set; }

    /// <summary>What is left of a whole-cart amount for the shipping; null before the rule had its turn.</summary>
    public decimal? Left { get; set; }

    /// <summary>What its discount is called.</summary>
    public string? Label { get; } = label;

    /// <summary>The condition with its evidence, and what became of each line; only when explaining.</summary>
    public Explanation? Explanation { get; private set; }

    /// <inheritdoc cref="Explanation"/>
    public List<LineExplanation>? Lines { get; private set; }

    /// <summary>Explains the condition as it was judged; from here on the rule's steps are noted.</summary>
    public void Explain(CartDecision decision)
    {
        Explanation = Rule.Condition?.Explain(decision.ScopeOf(this));
        Lines = Holds ? [] : null;
    }

    public void Note(PricedLine line, bool applied, string reason, decimal discount = 0) =>
        Lines?.Add(new LineExplanation(line.Input.Id, applied, reason, discount));
}
