using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>At least one address, one and the same, satisfies the condition: of the shopper, or inside <c>where</c> and <c>anyOrder</c> of the order.</summary>
public sealed record AnyAddress(Condition Of, bool OfOrder) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "anyAddress",
        UsableIn = FieldScope.Profile | FieldScope.Event | FieldScope.Order,
        Description = "One and the same address satisfies the condition: any of the shopper's, or inside where and anyOrder the order's billing or shipping address.",
        Example = """{ "type": "anyAddress", "of": { "type": "compare", "field": "address.country", "operator": "equals", "value": "DE" } }""",
        Parse = Parse,
    };

    public override Verdict Evaluate(in Scope scope) => Find(scope).Verdict;

    public override Explanation Explain(in Scope scope)
    {
        var (verdict, addresses, roles) = Find(scope);
        var evidence = new Dictionary<string, object?> { ["addresses"] = addresses };
        if (roles is not null)
            evidence["role"] = roles;
        return Explained("anyAddress", verdict, evidence);
    }

    public override void Require(Needs needs)
    {
        needs.Attributes |= !OfOrder;
        Of.Require(needs);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "anyAddress");
        json.WritePropertyName("of");
        Of.Write(json);
        json.WriteEndObject();
    }

    internal override string Describe() => $"one address{(OfOrder ? " of the order" : "")} has {Of.Describe()}";

    private (Verdict Verdict, int Addresses, IReadOnlyList<string>? Roles) Find(in Scope scope)
    {
        DateTimeOffset? changesAt = null;
        var count = 0;
        foreach (var address in OfOrder ? AddressReading.OfOrder(scope) : AddressReading.OfProfile(scope.Moment))
        {
            count++;
            var verdict = Of.Evaluate(scope with { Address = address });
            if (verdict.Matches)
                return (verdict, count, address.Roles);
            changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
        }

        return (new Verdict(false, changesAt), count, null);
    }

    private static AnyAddress? Parse(NodeReader node)
    {
        var ofOrder = (node.Place & (FieldScope.Event | FieldScope.Order)) != 0;
        var of = node.Condition("of", FieldScope.Address, required: true);
        return of is null ? null : new AnyAddress(of, ofOrder);
    }
}
