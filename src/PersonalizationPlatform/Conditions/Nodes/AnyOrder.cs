using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>At least one of the shopper's orders, one and the same, satisfies the condition.</summary>
public sealed record AnyOrder(Condition Of) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "anyOrder",
        UsableIn = FieldScope.Profile,
        Description = "One and the same order satisfies the condition (fields order.*, and anyItem, itemsTotal, anyAddress for its lines and addresses).",
        Example = """{ "type": "anyOrder", "of": { "type": "compare", "field": "order.total", "operator": "atLeast", "value": 100 } }""",
        Parse = Parse,
    };

    public override Verdict Evaluate(in Scope scope) => Find(scope, out _);

    public override Explanation Explain(in Scope scope)
    {
        var verdict = Find(scope, out var found);
        var evidence = new Dictionary<string, object?> { ["orders"] = scope.Moment.Orders.Length };
        if (found is not null)
            evidence["order"] = new Dictionary<string, object?> { ["order"] = found.PurchaseId, ["at"] = found.PlacedAt, ["status"] = found.Status, ["total"] = found.Total };
        return Explained("anyOrder", verdict, evidence);
    }

    public override void Require(Needs needs)
    {
        needs.Orders = true;
        Of.Require(needs);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "anyOrder");
        json.WritePropertyName("of");
        Of.Write(json);
        json.WriteEndObject();
    }

    internal override string Describe() => $"one order has {Of.Describe()}";

    private Verdict Find(in Scope scope, out Order? found)
    {
        found = null;
        var orders = scope.Moment.Orders;
        DateTimeOffset? changesAt = null;
        for (var i = orders.Length - 1; i >= 0; i--)
        {
            var verdict = Of.Evaluate(scope with { Order = orders[i] });
            if (verdict.Matches)
            {
                found = orders[i];
                return verdict;
            }

            changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
        }

        return new Verdict(false, changesAt);
    }

    private static AnyOrder? Parse(NodeReader node) =>
        node.Condition("of", FieldScope.Order, required: true) is { } of ? new AnyOrder(of) : null;
}
