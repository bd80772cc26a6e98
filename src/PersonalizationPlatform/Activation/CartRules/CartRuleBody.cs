using System.Text.Json;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>The body of a kept cart rule, and what decisions make of it.</summary>
public static class CartRuleBody
{
    /// <summary>As it was kept; references are ids.</summary>
    public static CartRuleRequest Read(string body) => JsonSerializer.Deserialize<CartRuleRequest>(body, HttpSetup.Json)!;

    /// <summary>Null when a condition cannot be read any more: the rule then applies to nobody, rather than to everybody.</summary>
    public static CartRule? ToRule(CartRuleDefinition kept) =>
        ToRule(kept.Id, kept.Number, kept.ExternalId, kept.Key, kept.Version, kept.Status, Read(kept.Body));

    /// <inheritdoc cref="ToRule(CartRuleDefinition)"/>
    /// <param name="rule">With conditions in canonical form.</param>
    public static CartRule? ToRule(Guid id, long number, string? externalId, string key, int version, DefinitionStatus status, CartRuleRequest rule)
    {
        if (!Read(rule.Condition, FieldScope.Cart, out var condition) || !Read(rule.ActionCondition, FieldScope.CartLine, out var action))
            return null;
        return new(id, number, externalId, key, rule.Name.Trim(), rule.Action, condition, action)
        {
            Version = version,
            Description = rule.Description,
            Status = status,
            Websites = new HashSet<string>(rule.Websites ?? [], StringComparer.OrdinalIgnoreCase),
            CustomerGroups = new HashSet<int>(rule.CustomerGroups ?? []),
            FromDate = rule.FromDate,
            ToDate = rule.ToDate,
            Priority = rule.Priority ?? 0,
            Stop = rule.Stop ?? false,
            Amount = rule.Amount ?? 0,
            MaxQty = rule.MaxQty ?? 0,
            Step = rule.Step ?? 0,
            ApplyToShipping = rule.ApplyToShipping ?? false,
            FreeShipping = rule.FreeShipping ?? FreeShipping.None,
            GiftSkus = new HashSet<string>(rule.GiftSkus ?? [], StringComparer.Ordinal),
            GiftQty = rule.GiftQty ?? 1,
            CouponType = rule.CouponType ?? CouponType.None,
            UsesPerCoupon = rule.UsesPerCoupon ?? 0,
            CouponUsesPerCustomer = rule.CouponUsesPerCustomer ?? 0,
            UsesPerCustomer = rule.UsesPerCustomer ?? 0,
            Label = rule.Label,
            Labels = StoreView.ByCode(rule.Labels ?? new Dictionary<string, string>()),
            RewardPoints = rule.RewardPoints ?? 0,
        };
    }

    /// <summary>Whether something is said: a member that is absent or null says nothing.</summary>
    internal static bool IsGiven(JsonElement? member) => member is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };

    private static bool Read(JsonElement? stored, FieldScope place, out Condition? condition)
    {
        condition = IsGiven(stored) ? StoredCondition.Read(stored!.Value, place) : null;
        return condition is not null || !IsGiven(stored);
    }
}
