using System.Text.Json;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>A coupon of Adobe Commerce, read.</summary>
/// <param name="Rule">The external id of its rule.</param>
/// <param name="TimesUsed">How often it was used there: where counting begins here.</param>
internal sealed record ReadCoupon(
    string Code, string Rule, bool IsGenerated, int? UsageLimit, int? UsagePerCustomer, int TimesUsed, DateTimeOffset? ExpiresAt, string? ExternalId);

/// <summary>Reads coupons as <c>GET /V1/coupons/search</c> gives them.</summary>
internal static class CouponReading
{
    private static readonly string[] Aside = ["is_primary", "created_at", "extension_attributes"];

    /// <summary>
    /// What of a coupon is wanted before its turn comes: whose it is, and its code where a person chose it. Only one that can be read as a
    /// whole has a code here, so that no rule is given one without its limits.
    /// </summary>
    public static ImportItem Item(string path, byte[] json)
    {
        var item = new ImportItem(ImportPart.Coupons, path, json);
        try
        {
            return Read(item, []) is { } coupon ? item with { Rule = coupon.Rule, Code = coupon.IsGenerated ? null : coupon.Code } : item;
        }
        catch (Exception e) when (ItemFaults.Of(e))
        {
            // Refused when its turn comes.
            return item;
        }
    }

    /// <summary>The code of one that is refused, as far as it can be told.</summary>
    public static string? CodeOf(ImportItem item) => item.Read(json =>
        AdobeValue.Text(AdobeValue.Member(json, "code"))?.Trim() is { Length: > 0 } code ? ConditionJson.Shorten(code) : null);

    /// <summary>Null when <paramref name="notes"/> say why not.</summary>
    public static ReadCoupon? Read(ImportItem item, List<ImportNote> notes)
    {
        try
        {
            using var document = JsonDocument.Parse(item.Json);
            if (ImportStep.Unusable(document.RootElement, item.Path) is not { } unusable)
                return Read(document.RootElement, new JsonPath(null, item.Path, -1), notes);
            notes.Add(unusable);
        }
        catch (JsonException)
        {
            notes.Add(new("json.tooDeep", "A coupon has no depth.", item.Path));
        }

        return null;
    }

    private static ReadCoupon? Read(JsonElement json, JsonPath path, List<ImportNote> notes)
    {
        var members = new MemberReader(json, path, notes);
        var code = members.Text("code")?.Trim();
        var rule = members.Text("rule_id")?.Trim();
        if (!CouponCode.IsValid(code))
            members.Refuse("code", "coupon.code", $"A code has 1 to {CouponCode.MaxLength} characters, none of them a control character.");
        if (string.IsNullOrEmpty(rule))
            members.Refuse("rule_id", "coupon.rule", "A coupon belongs to the rule its rule_id names.");
        // Valid to the end of the day named, as Adobe Commerce compares days. The last day there is means for ever.
        var lastDay = AdobeValue.Date(members.Raw("expiration_date"), out var wrong, out _);
        if (wrong)
            members.Refuse("expiration_date", "value.invalid", "expiration_date must be a date such as 2026-06-30.");
        var coupon = new ReadCoupon(
            code ?? "", rule ?? "", members.Truth("type"), NotNegative(members, "usage_limit"), NotNegative(members, "usage_per_customer"),
            NotNegative(members, "times_used") ?? 0, Until(lastDay), members.Text("coupon_id"));
        foreach (var name in Aside)
            members.Raw(name);
        foreach (var name in members.Others())
            members.Note(name, "coupon.notCarried", $"The member {ConditionJson.Shorten(name)} has no counterpart and is left out.");
        return members.HasFailed ? null : coupon;
    }

    private static DateTimeOffset? Until(DateOnly? lastDay) =>
        lastDay is { } day && day < DateOnly.MaxValue ? new DateTimeOffset(day.AddDays(1), default, TimeSpan.Zero) : null;

    private static int? NotNegative(MemberReader members, string name)
    {
        var number = members.Whole(name);
        if (number is < 0)
            members.Refuse(name, "value.invalid", $"{name} must not be negative.");
        return number;
    }
}
