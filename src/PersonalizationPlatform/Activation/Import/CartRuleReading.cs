using System.Text.Json;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>A sales rule of Adobe Commerce, read.</summary>
/// <param name="Request">The rule as it is written here; null when it is refused.</param>
/// <param name="IsDraft">Something that decides what it does could not be carried over.</param>
internal sealed record ReadRule(string? ExternalId, CartRuleRequest? Request, bool IsDraft, List<ImportNote> Notes);

/// <summary>Reads sales rules as <c>GET /V1/salesRules/search</c> gives them.</summary>
/// <param name="website">The code of the website with an external number.</param>
internal sealed class CartRuleReading(ImportReferences references, Func<int, string> website)
{
    private const int AllGroups = 32000;

    /// <summary>Members that say nothing about what the rule does.</summary>
    private static readonly string[] Aside = ["is_advanced", "times_used", "created_in", "updated_in", "row_id"];

    /// <summary>The rule without its codes, which stand in the part <c>coupons</c>.</summary>
    public ReadRule Read(JsonElement json, JsonPath path)
    {
        var notes = new List<ImportNote>();
        var members = new MemberReader(json, path, notes);
        var id = members.Text("rule_id")?.Trim();
        if (string.IsNullOrEmpty(id))
        {
            members.Refuse("rule_id", "rule.id", "A rule is known by its rule_id.");
            return new(null, null, false, notes);
        }

        var conditions = new ConditionTranslation(references, notes);
        var condition = conditions.OfCart(members.Raw("condition"), path.Member("condition"));
        var actionCondition = conditions.OfLines(members.Raw("action_condition"), path.Member("action_condition"));
        var action = Action(members);
        var extensions = new RuleExtensions(members, notes, action == CartRuleAction.FreeGift);
        var couponType = Coupons(members);
        var freeShipping = FreeShippingOf(members);
        if (action == CartRuleAction.FreeGift && extensions.GiftSkus.Count == 0)
            members.Note("extension_attributes", "rule.noGift", "No gift SKUs were found, so nothing would become free.");
        var isDraft = !conditions.IsComplete || action is null || couponType is null || freeShipping is null
            || (action == CartRuleAction.FreeGift && extensions.GiftSkus.Count == 0);
        var perCustomer = members.Whole("uses_per_customer");
        var perCoupon = members.Whole("uses_per_coupon");
        var labels = new RuleLabels(members);
        var isActive = members.Truth("is_active");
        var request = new CartRuleRequest
        {
            Name = members.Text("name") ?? "",
            Description = members.Text("description") is { Length: > 0 } description ? description : null,
            Status = isDraft ? DefinitionStatus.Draft : isActive ? DefinitionStatus.Live : DefinitionStatus.Paused,
            ExternalId = id,
            Websites = Websites(members),
            CustomerGroups = Groups(members),
            FromDate = members.Date("from_date"),
            ToDate = members.Date("to_date"),
            Priority = members.Whole("sort_order"),
            Stop = members.Truth("stop_rules_processing"),
            Action = action ?? CartRuleAction.ByPercent,
            // An action that is not known must take nothing off, whoever publishes the draft.
            Amount = action is null ? 0 : members.Number("discount_amount"),
            MaxQty = members.Number("discount_qty"),
            Step = members.Whole("discount_step"),
            ApplyToShipping = members.Truth("apply_to_shipping"),
            FreeShipping = freeShipping ?? FreeShipping.None,
            GiftSkus = extensions.GiftSkus.Count > 0 ? extensions.GiftSkus : null,
            GiftQty = extensions.GiftQty,
            // Whatever needs a coupon that is not understood must need one here too.
            CouponType = couponType ?? CouponType.Auto,
            UsesPerCoupon = couponType == CouponType.None ? null : perCoupon,
            CouponUsesPerCustomer = couponType == CouponType.None ? null : perCustomer,
            UsesPerCustomer = perCustomer,
            Condition = condition,
            ActionCondition = actionCondition,
            Label = labels.Default,
            Labels = labels.ByStoreView,
            RewardPoints = extensions.RewardPoints,
            Rss = members.Truth("is_rss"),
        };
        foreach (var name in Aside)
            members.Raw(name);
        foreach (var name in members.Others())
            members.Note(name, "rule.notCarried", $"The member {ConditionJson.Shorten(name)} has no counterpart and is left out.");
        return new(id, members.HasFailed ? null : request, isDraft, notes);
    }

    private static CartRuleAction? Action(MemberReader members)
    {
        var text = members.Text("simple_action");
        CartRuleAction? action = text switch
        {
            "by_percent" => CartRuleAction.ByPercent,
            "by_fixed" => CartRuleAction.ByFixed,
            "cart_fixed" => CartRuleAction.CartFixed,
            "buy_x_get_y" => CartRuleAction.BuyXGetY,
            "free_gift" => CartRuleAction.FreeGift,
            "to_percent" => CartRuleAction.ToPercent,
            "to_fixed" => CartRuleAction.ToFixed,
            _ => null,
        };
        if (action is null)
        {
            members.Raw("discount_amount");
            members.Note("simple_action", "rule.unknownAction", $"There is no counterpart of the action {ConditionJson.Shorten(text ?? "nothing")}; the draft takes nothing off.");
        }

        return action;
    }

    private static CouponType? Coupons(MemberReader members)
    {
        var generates = members.Truth("use_auto_generation");
        switch (members.Text("coupon_type")?.Trim().ToUpperInvariant())
        {
            case "NO_COUPON" or "1" or null or "":
                return CouponType.None;
            case "AUTO" or "3":
                return CouponType.Auto;
            case "SPECIFIC_COUPON" or "2" when generates:
                return CouponType.Auto;
            case "SPECIFIC_COUPON" or "2":
                return CouponType.Specific;
            case var other:
                members.Note("coupon_type", "rule.unknownCouponType", $"There is no counterpart of the coupon type {ConditionJson.Shorten(other)}.");
                return null;
        }
    }

    private static FreeShipping? FreeShippingOf(MemberReader members)
    {
        // Numbers in the database, names in the API's constants.
        switch (members.Text("simple_free_shipping")?.Trim().ToUpperInvariant())
        {
            case null or "" or "0" or "NONE":
                return FreeShipping.None;
            case "1" or "MATCHING_ITEMS_ONLY":
                return FreeShipping.Items;
            case "2" or "FREE_WITH_MATCHING_ITEMS":
                return FreeShipping.Shipment;
            case var other:
                members.Note("simple_free_shipping", "rule.unknownFreeShipping", $"There is no counterpart of the free shipping {ConditionJson.Shorten(other)}.");
                return null;
        }
    }

    private IReadOnlyList<string>? Websites(MemberReader members)
    {
        var numbers = members.Wholes("website_ids");
        if (numbers.Count > 0)
            return [.. numbers.Distinct().Select(website)];
        if (!members.HasFailedAt("website_ids"))
            members.Note("website_ids", "rule.everyWebsite", "No website is named; the rule holds for every one.");
        return null;
    }

    private static IReadOnlyList<int>? Groups(MemberReader members)
    {
        var numbers = members.Wholes("customer_group_ids");
        if (numbers.Count > 0)
            return numbers.Contains(AllGroups) ? null : [.. numbers.Distinct()];
        if (!members.HasFailedAt("customer_group_ids"))
            members.Note("customer_group_ids", "rule.everyGroup", "No customer group is named; the rule holds for every one.");
        return null;
    }
}
