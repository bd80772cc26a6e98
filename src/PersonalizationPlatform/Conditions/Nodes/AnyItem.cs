using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>At least one product line, one and the same, satisfies the condition.</summary>
public sealed record AnyItem(Over Over, Condition Of) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "anyItem",
        UsableIn = FieldScope.Profile | FieldScope.Event | FieldScope.Order | FieldScope.Cart,
        Description = "One and the same product line satisfies the condition: a line of the event or order inside where and anyOrder, elsewhere over cart.items or wishlist.items. In cart rules a line of the cart being decided, its children included.",
        Example = """{ "type": "anyItem", "over": "cart.items", "of": { "type": "compare", "field": "item.categories", "operator": "contains", "value": "bags" } }""",
        Parse = Parse,
    };

    public override Verdict Evaluate(in Scope scope) => scope.Checkout is { } checkout ? Find(scope, checkout, out _) : Find(scope, out _);

    public override Explanation Explain(in Scope scope)
    {
        if (scope.Checkout is { } checkout)
        {
            var one = Find(scope, checkout, out var line);
            var seen = new Dictionary<string, object?> { ["lines"] = checkout.Lines.Count };
            if (line is not null)
                seen["item"] = Lines.Evidence(line);
            return Explained("anyItem", one, seen);
        }

        var verdict = Find(scope, out var found);
        var evidence = new Dictionary<string, object?> { ["lines"] = Lines.In(scope, Over).Count };
        if (found is not null)
            evidence["item"] = Lines.Evidence(found);
        return Explained("anyItem", verdict, evidence);
    }

    public override void Require(Needs needs)
    {
        Lines.Require(needs, Over);
        Of.Require(needs);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "anyItem");
        if (Over != Over.Items)
            json.WriteString("over", Lines.Word(Over));
        json.WritePropertyName("of");
        Of.Write(json);
        json.WriteEndObject();
    }

    internal override string Describe() => $"one line of {Lines.Word(Over)} has {Of.Describe()}";

    private Verdict Find(in Scope scope, out LineItem? found)
    {
        found = null;
        var lines = Lines.In(scope, Over);
        DateTimeOffset? changesAt = null;
        for (var i = 0; i < lines.Count; i++)
        {
            var verdict = Of.Evaluate(Lines.Enter(scope, Over, lines[i]));
            if (verdict.Matches)
            {
                found = lines[i];
                return verdict;
            }

            changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
        }

        return new Verdict(false, changesAt);
    }

    private Verdict Find(in Scope scope, Checkout checkout, out CheckoutLine? found)
    {
        DateTimeOffset? changesAt = null;
        for (var i = 0; i < checkout.Lines.Count; i++)
        {
            var verdict = CompositeLines.Holds(Of, scope with { Line = checkout.Lines[i] });
            if (verdict.Matches)
            {
                found = checkout.Lines[i];
                return verdict;
            }

            changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
        }

        found = null;
        return new Verdict(false, changesAt);
    }

    private static AnyItem? Parse(NodeReader node)
    {
        var over = Lines.Parse(node);
        var of = node.Condition("of", Lines.Inside(node.Place), required: true);
        return over is not { } lines || of is null ? null : new AnyItem(lines, of);
    }
}
