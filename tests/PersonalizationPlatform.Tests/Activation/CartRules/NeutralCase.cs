using System.Text.Json;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Tests.Activation.CartRules;

/// <summary>A case of <see cref="CartVectors"/>, as the engine is asked it.</summary>
internal static class NeutralCase
{
    private static readonly ConditionContext Nobody = new(_ => null, _ => null);

    public static CartOutcome Decide(JsonNode vector, bool explain = false)
    {
        var rules = vector["rules"]!.AsArray().Select(r => Rule(r!)).ToList();
        return CartPricing.Decide(new CartRuleSet(rules), Cart(vector["cart"]!), Context(vector, rules), explain);
    }

    public static Condition Condition(JsonNode json, FieldScope place)
    {
        var errors = new List<ProblemError>();
        var read = ConditionJson.Parse(JsonSerializer.SerializeToElement(json), "$", Nobody with { Root = place }, errors);
        Assert.True(errors.Count == 0, string.Join('\n', errors));
        return read!;
    }

    public static Guid Id(long number) => new((int)number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private static CartRule Rule(JsonNode rule)
    {
        var number = (long)rule["id"]!;
        return new(
            Id(number), number, number.ToString(), "rule-" + number, "Rule " + number, Word<CartRuleAction>((string)rule["action"]!),
            rule["conditions"] is { } condition ? Condition(NeutralCondition.Said(condition), FieldScope.Cart) : null,
            rule["actionConditions"] is { } lines ? Condition(NeutralCondition.Said(lines), FieldScope.CartLine) : null)
        {
            Amount = (decimal?)rule["amount"] ?? 0,
            Priority = (int?)rule["priority"] ?? 0,
            Stop = (bool?)rule["stop"] ?? false,
            MaxQty = (decimal?)rule["maxQty"] ?? 0,
            Step = (int?)rule["step"] ?? 0,
            ApplyToShipping = (bool?)rule["applyToShipping"] ?? false,
            FreeShipping = rule["freeShipping"] is { } free ? Word<FreeShipping>((string)free!) : FreeShipping.None,
            Status = (bool?)rule["active"] == false ? DefinitionStatus.Paused : DefinitionStatus.Live,
            Websites = Texts(rule["websiteIds"]).ToHashSet(StringComparer.OrdinalIgnoreCase),
            CustomerGroups = Texts(rule["customerGroupIds"]).Select(int.Parse).ToHashSet(),
            FromDate = Day(rule["fromDate"]),
            ToDate = Day(rule["toDate"]),
            CouponType = rule["couponType"] is { } type ? Word<CouponType>((string)type!) : CouponType.None,
            UsesPerCoupon = (int?)rule["usesPerCoupon"] ?? 0,
            CouponUsesPerCustomer = (int?)rule["couponUsesPerCustomer"] ?? 0,
            UsesPerCustomer = (int?)rule["usesPerCustomer"] ?? 0,
            GiftSkus = Texts(rule["giftSkus"]).ToHashSet(),
            GiftQty = (decimal?)rule["giftQty"] ?? 1,
            // The codes travel in the description so that the context can look them up as the coupon store would.
            Description = rule["couponCodes"] is null ? null : string.Join(',', Texts(rule["couponCodes"])),
        };
    }

    private static CartInput Cart(JsonNode cart)
    {
        var address = cart["address"];
        var shipping = cart["shipping"];
        return new()
        {
            Currency = "USD",
            Lines = [.. cart["items"]!.AsArray().Select(i => Line(i!, cart["categoryParents"]))],
            Shipping = shipping is null ? null : new((string?)shipping["method"], (decimal)shipping["price"]!, (string?)shipping["type"] == "perItem", (decimal?)shipping["discountBasis"]),
            Address = address is null ? null : new Address { Country = (string?)address["country_id"], State = (string?)address["region"], PostalCode = (string?)address["postcode"] },
            RegionId = address?["region_id"]?.ToString(),
            PaymentMethod = (string?)cart["paymentMethod"],
        };
    }

    private static CartInputLine Line(JsonNode line, JsonNode? parents) => new()
    {
        Id = (string)line["id"]!,
        Sku = (string)line["sku"]!,
        Price = (decimal?)line["price"] ?? 0,
        Quantity = (decimal?)line["qty"] ?? 1,
        Name = (string?)line["attributes"]?["name"],
        Weight = (decimal?)line["weight"] ?? (decimal?)line["attributes"]?["weight"] ?? 0,
        Type = (string?)line["type"] ?? (string?)line["attributes"]?["type_id"],
        Categories = [.. Texts(line["categories"]).SelectMany(c => Ancestors(c, parents)).Distinct()],
        Attributes = line["attributes"] is JsonObject attributes ? Attributes(attributes) : new Dictionary<string, FieldValue>(),
        Children = line["children"] is JsonArray children ? [.. children.Select(c => Line(c!, parents))] : [],
        ChildrenCalculated = (bool?)line["childrenCalculated"] ?? false,
        NoDiscount = (bool?)line["noDiscount"] ?? false,
        DiscountPrice = (decimal?)line["discountPrice"],
        RowTotalInclTax = (decimal?)line["rowTotalInclTax"],
    };

    private static CartContext Context(JsonNode vector, List<CartRule> rules)
    {
        var cart = vector["cart"]!;
        var config = vector["config"];
        var day = Day(cart["date"]) ?? new DateOnly(2026, 6, 15);
        var segments = Texts(cart["segments"]).ToHashSet();
        var audiences = Texts(cart["audiences"]).ToHashSet();
        return new()
        {
            At = new DateTimeOffset(day, new TimeOnly(12, 0), TimeSpan.Zero),
            Day = day,
            Website = new WebsiteSettings(cart["websiteId"]?.ToString() ?? "1", "USD"),
            CustomerGroup = (int?)cart["customerGroupId"] ?? 0,
            IsCustomer = cart["customerId"] is not null,
            Segments = _ => Verdict.False,
            Audiences = _ => Verdict.False,
            ExternalSegments = segment => segments.Contains(segment) ? Verdict.True : Verdict.False,
            ExternalAudiences = audience => audiences.Contains(audience) ? Verdict.True : Verdict.False,
            Coupons = [.. Texts(cart["coupons"]).Select(code => Coupon(code, rules, cart["usage"]))],
            RuleUsesByCustomer = (cart["usage"]?["ruleTimesUsedByCustomer"] as JsonObject ?? []).ToDictionary(u => Id(long.Parse(u.Key)), u => (int)u.Value!),
            Options = new()
            {
                ConditionTotalsBasis = (string?)config?["conditionTotalsBasis"] == "eligibleItems" ? ConditionTotalsBasis.EligibleItems : ConditionTotalsBasis.Cart,
                AllowYGreaterThanX = (bool?)config?["allowYGreaterThanX"] ?? false,
                ShippingShareBase = (decimal?)config?["shippingShareBase"],
            },
        };
    }

    private static CartCoupon Coupon(string code, List<CartRule> rules, JsonNode? usage) => new(
        code, rules.Find(r => r.Description?.Split(',').Contains(code, StringComparer.OrdinalIgnoreCase) == true)?.Id,
        (int?)usage?["couponTimesUsed"]?[code] ?? 0, (int?)usage?["couponTimesUsedByCustomer"]?[code] ?? 0);

    private static Dictionary<string, FieldValue> Attributes(JsonObject attributes)
    {
        var values = new Dictionary<string, FieldValue>();
        foreach (var (name, json) in attributes)
        {
            if (FieldValues.Read(JsonSerializer.SerializeToElement(json)) is { } value)
                values[name] = value;
        }

        return values;
    }

    private static IEnumerable<string> Ancestors(string category, JsonNode? parents)
    {
        for (string? at = category; at is not null; at = parents?[at]?.ToString())
            yield return at;
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list is JsonArray array ? array.Select(v => v!.ToString()) : [];

    private static DateOnly? Day(JsonNode? day) => day is null ? null : DateOnly.ParseExact((string)day!, "yyyy-MM-dd");

    private static T Word<T>(string word) where T : struct, Enum => Enum.Parse<T>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
