using PersonalizationPlatform.Activation.CartRules;

namespace PersonalizationPlatform.Tests.Activation.CartRules;

/// <summary>An outcome as text, to compare two of them whole.</summary>
internal static class Picture
{
    public static string Of(CartOutcome outcome) => string.Join('\n',
        [
            $"items {outcome.ItemDiscount} shipping {outcome.ShippingAmount} {outcome.ShippingDiscount} {outcome.FreeShipping} subtotal {outcome.Subtotal}",
            $"rules {string.Join(',', outcome.AppliedRules.Select(r => r.Number))} label {outcome.Label} points {outcome.RewardPoints} until {outcome.ChangesAt:O}",
            .. outcome.Lines.Select(l => $"{l.Id} {l.Discount} [{string.Join(' ', l.Applied.Select(a => $"{a.Rule.Number}:{a.Discount}"))}]"),
            .. outcome.Coupons.Select(c => $"{c.Code} {c.Verdict} {c.Reason}"),
        ]);
}
