namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>What a discount is called.</summary>
internal static class RuleLabels
{
    /// <summary>The store view's label, else the general one; of coupon rules else the description, else the code.</summary>
    public static string? Of(CartRule rule, string? storeView, string? code)
    {
        if (storeView is not null && rule.Labels.TryGetValue(storeView, out var own) && own.Length > 0)
            return own;
        if (!string.IsNullOrEmpty(rule.Label))
            return rule.Label;
        if (rule.CouponType == CouponType.None)
            return null;
        return string.IsNullOrEmpty(rule.Description) ? code : rule.Description;
    }

    /// <summary>"Discount (L1, L2)", each label once.</summary>
    public static string? Together(IEnumerable<CandidateRule> applied)
    {
        var labels = new List<string>();
        foreach (var candidate in applied)
        {
            if (candidate.Label is { } label && !labels.Contains(label))
                labels.Add(label);
        }

        return labels.Count == 0 ? null : $"Discount ({string.Join(", ", labels)})";
    }
}
