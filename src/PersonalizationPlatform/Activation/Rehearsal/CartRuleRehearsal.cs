using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>Runs a cart rule over the orders of a past period, each as it would have been decided just before it was placed.</summary>
/// <param name="draft">The rule; its status and dates do not matter.</param>
/// <param name="live">The rules it stands beside, without itself; null = none.</param>
/// <param name="ruleOfCode">Whose coupon a code is, null when nobody's.</param>
internal sealed class CartRuleRehearsal(
    CartRule draft, CartRuleSet? live, bool assumeCoupon, Func<string, CancellationToken, ValueTask<Guid?>> ruleOfCode,
    CatalogSnapshot catalogue, Website website, Period period, SegmentSet segments, Tally tally)
{
    private readonly CartRule draft = draft with { FromDate = null, ToDate = null, Status = Definitions.DefinitionStatus.Live };
    private readonly WebsiteSettings settings = new(website.Code, website.Currency);
    private CartRuleSet? with;

    public static readonly IReadOnlyList<string> Assumptions =
    [
        "Every order is decided as of the moment before it was placed, with the segments as they are defined today.",
        "Prices are those of the orders; categories and attributes are those on the lines and in the catalogue today.",
        "Limits of coupons and rules are not counted, and nobody would have bought more or less because of the rule.",
    ];

    private CartRuleSet With => with ??= new([.. live?.Rules ?? [], draft]);

    public async ValueTask LookAsync(ProfileSnapshot snapshot, Timeline timeline, CancellationToken cancellationToken)
    {
        foreach (var history in snapshot.Facts.Orders)
        {
            if (OrderFolding.Fold(history.PurchaseId, history.Parts, DateTimeOffset.MaxValue) is { } order && period.Contains(order.PlacedAt)
                && string.Equals(order.Website ?? "base", website.Code, StringComparison.OrdinalIgnoreCase))
                await LookAsync(order, snapshot.Profile, timeline, cancellationToken);
        }
    }

    private async ValueTask LookAsync(Order order, Guid profile, Timeline timeline, CancellationToken cancellationToken)
    {
        if (!string.Equals(order.Currency ?? website.Currency, website.Currency, StringComparison.OrdinalIgnoreCase))
        {
            tally.LeaveOut("otherCurrency");
            return;
        }

        if (OrderStatus.NeverCameToBe(order.Status))
        {
            tally.LeaveOut("canceled");
            return;
        }

        if (PastCart.Of(order, catalogue, website.Currency) is not { } cart)
        {
            tally.LeaveOut("withoutLines");
            return;
        }

        var at = order.PlacedAt.AddMicroseconds(-1);
        var moment = timeline.MomentAt(at, settings);
        var context = new CartContext
        {
            At = at,
            Day = period.DayOf(at),
            Website = settings,
            StoreView = order.StoreView,
            CustomerGroup = Group(moment),
            IsCustomer = false,
            Segments = moment.Segments,
            Audiences = moment.Audiences!,
            Coupons = await CouponsAsync(order, cancellationToken),
            Options = CartRuleOptions.Of(website.CartRules),
        };
        var outcome = CartPricing.Decide(With, cart, context, explain: false);
        var matched = outcome.AppliedRules.Any(rule => rule.Id == draft.Id);
        var before = live is null || !matched ? null : CartPricing.Decide(live, cart, context, explain: false);
        var discount = matched ? outcome.TotalDiscount - (before?.TotalDiscount ?? 0) : 0;
        var value = cart.Lines.Sum(line => line.Price * line.Quantity);
        tally.Look(period.DayOf(order.PlacedAt), profile, Members(timeline, at), matched, discount, value);
        if (!matched)
            return;
        for (var i = 0; i < cart.Lines.Count; i++)
            tally.Product(cart.Lines[i].Sku, cart.Lines[i].Quantity, outcome.Lines[i].Discount - (before?.Lines[i].Discount ?? 0));
        tally.Example(() => new(order.PurchaseId, order.PlacedAt, profile, value, discount, [.. cart.Lines.Select(line => line.Sku).Take(20)]));
    }

    private IEnumerable<SegmentId> Members(Timeline timeline, DateTimeOffset at)
    {
        var verdicts = timeline.At(at);
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i].Matches && segments.InOrder[i].AnswersFor(website.Code))
                yield return segments.InOrder[i].Id;
        }
    }

    private async ValueTask<IReadOnlyList<CartCoupon>> CouponsAsync(Order order, CancellationToken cancellationToken)
    {
        var coupons = new List<CartCoupon>();
        if (assumeCoupon && draft.CouponType != CouponType.None)
            coupons.Add(new("(assumed)", draft.Id));
        foreach (var code in order.CouponCode?.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
            coupons.Add(new(code, await ruleOfCode(code, cancellationToken), UsageLimit: 0, UsagePerCustomer: 0));
        return coupons;
    }

    /// <summary>The group's number as the profile had it, else 1 for the registered and 0 for guests.</summary>
    private static int Group(Moment moment) =>
        moment.Attribute("group")?.Value is { } value && FieldValues.TryNumber(value, out var number) && number is >= 0 and <= int.MaxValue && number == decimal.Truncate(number)
            ? decimal.ToInt32(number)
            : moment.Facts.IsRegistered ? 1 : 0;
}
