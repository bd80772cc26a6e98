using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Tests.Stories;
using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Activation.Coupons;

/// <summary>What orders, as events tell of them, do to coupons.</summary>
public sealed class CouponOrderTests : StoryTest
{
    private readonly CouponShop shop;

    public CouponOrderTests(PlatformServer server)
        : base(new PlatformHost(server)) => shop = new CouponShop(Host);

    [Fact]
    public async Task An_order_uses_its_coupon_once_whoever_tells_of_it_and_a_cancellation_gives_it_back_once()
    {
        await shop.RuleWithAsync("EVENT", "\"usageLimit\": 1");
        var purchase = Order(Purchase, "ECID:phone CustomerId:ann", "o1", "event");
        await Story.BrowseAsync(purchase);
        Assert.Equal(0, await shop.TimesUsedAsync("EVENT"));
        await shop.FollowAsync();
        Assert.Equal(1, await shop.TimesUsedAsync("EVENT"));

        await Story.BrowseAsync(purchase);
        await Story.BackOfficeAsync(Order(Placed, "CustomerId:ann", "o1", "EVENT"));
        await shop.FollowAsync();
        Assert.Equal(1, await shop.TimesUsedAsync("EVENT"));
        Assert.Equal("limit", await shop.TryAsync("other", null, "EVENT"));

        Story.Later("PT1M");
        var cancelled = Order(OrderCancelled, "CustomerId:ann", "o1", null);
        await Story.BackOfficeAsync(cancelled);
        await shop.FollowAsync();
        Assert.Equal(0, await shop.TimesUsedAsync("EVENT"));
        Assert.Equal("reserved", await shop.TryAsync("other", null, "EVENT"));
        await shop.RedeemAsync("other", "o2");

        await Story.BackOfficeAsync(cancelled, Order(Placed, "CustomerId:ann", "o1", "EVENT", Story.Now.AddMinutes(-1), "told again"));
        await shop.FollowAsync();
        Assert.Equal(1, await shop.TimesUsedAsync("EVENT"));
    }

    [Fact]
    public async Task An_order_counts_even_beyond_the_limit_and_against_its_customer()
    {
        await shop.RuleWithAsync("OVER", "\"usageLimit\": 1", "\"usesPerCustomer\": 1");
        await Story.BackOfficeAsync(Order(Placed, "CustomerId:ann", "o1", "OVER"), Order(Placed, "CustomerId:ben", "o2", "OVER"));
        await shop.FollowAsync();
        Assert.Equal(2, await shop.TimesUsedAsync("OVER"));
        await shop.RuleWithAsync("RULE-TWICE", ruleMembers: "\"usesPerCustomer\": 1");
        await Story.BackOfficeAsync(Order(Placed, "CustomerId:ann", "o3", "RULE-TWICE"));
        await shop.FollowAsync();
        Assert.Equal("ruleCustomerLimit", await shop.TryAsync("c", Story.Identity("CustomerId:ann").Id, "RULE-TWICE"));
        Assert.Equal("reserved", await shop.TryAsync("c", Story.Identity("CustomerId:ben").Id, "RULE-TWICE"));
    }

    [Fact]
    public async Task Calls_and_events_of_one_order_are_one_use_in_any_order()
    {
        await shop.RuleWithAsync("BOTH", "\"usageLimit\": 9");
        await shop.TryAsync("cart-1", "ann", "BOTH");
        await shop.RedeemAsync("cart-1", Story.Own("o1"));
        await Story.BackOfficeAsync(Order(Placed, "CustomerId:ann", "o1", "BOTH"));
        await shop.FollowAsync();
        Assert.Equal(1, await shop.TimesUsedAsync("BOTH"));

        await shop.TryAsync("cart-2", "ann", "BOTH");
        await Story.BackOfficeAsync(Order(Placed, "CustomerId:ann", "o2", "BOTH"));
        await shop.FollowAsync();
        await shop.RedeemAsync("cart-2", Story.Own("o2"));
        Assert.Equal((2, 2), (await shop.TimesUsedAsync("BOTH"), await shop.UsesAsync("BOTH")));

        // Reserved for the order itself: that it was placed redeems it, named or not.
        await shop.ReserveOrderAsync(Story.Own("o3"), "ann", "BOTH");
        await Story.BackOfficeAsync(Order(Placed, "CustomerId:ann", "o3", null));
        await shop.FollowAsync();
        Assert.Equal(3, await shop.TimesUsedAsync("BOTH"));
    }

    [Fact]
    public async Task A_cancellation_that_arrives_first_wins_and_what_the_shop_released_no_event_takes_again()
    {
        await shop.RuleWithAsync("FIRST", "\"usageLimit\": 9");
        var placedAt = Story.Now;
        Story.Later("PT1M");
        await Story.BackOfficeAsync(Order(OrderCancelled, "CustomerId:ann", "o1", null));
        await shop.FollowAsync();
        await Story.BackOfficeAsync(Order(Placed, "CustomerId:ann", "o1", "FIRST", placedAt));
        await shop.FollowAsync();
        Assert.Equal(0, await shop.TimesUsedAsync("FIRST"));

        await shop.TryAsync("cart", null, "FIRST");
        await shop.RedeemAsync("cart", Story.Own("o2"));
        await shop.ReleaseAsync("cart");
        await Story.BrowseAsync(Order(Purchase, "ECID:phone", "o2", "FIRST"));
        await shop.FollowAsync();
        Assert.Equal(0, await shop.TimesUsedAsync("FIRST"));

        var failed = Order(Placed, "CustomerId:ann", "o3", "FIRST");
        failed["commerce"]!["order"]!["status"] = "failed";
        await Story.BrowseAsync(Order(Purchase, "ECID:phone", "o3", "FIRST", placedAt));
        await shop.FollowAsync();
        Assert.Equal(1, await shop.TimesUsedAsync("FIRST"));
        await Story.BackOfficeAsync(failed);
        await shop.FollowAsync();
        Assert.Equal(0, await shop.TimesUsedAsync("FIRST"));

        // Only the back office may say so: a browser could free what it has used.
        var claimed = Order(Purchase, "ECID:phone", "o4", "FIRST");
        claimed["commerce"]!["order"]!["status"] = "canceled";
        await Story.BrowseAsync(claimed);
        await shop.FollowAsync();
        Assert.Equal(1, await shop.TimesUsedAsync("FIRST"));
    }

    [Fact]
    public async Task After_an_erasure_the_uses_still_count_and_only_keyed_hashes_are_left()
    {
        await shop.RuleWithAsync("GONE", "\"usageLimit\": 2", "\"usesPerCustomer\": 1");
        var ann = Story.Identity("CustomerId:ann").Id;
        await Story.BackOfficeAsync(Order(Placed, "CustomerId:ann", "o1", "GONE"));
        await shop.FollowAsync();
        Assert.Equal("reserved", await shop.TryAsync(Story.Own("secret-cart"), "ben", "GONE"));
        await shop.RedeemAsync(Story.Own("secret-cart"), Story.Own("secret-order"));
        Story.Later("PT1M");
        await Story.EraseAsync("CustomerId:ann");

        Assert.Equal(2, await shop.TimesUsedAsync("GONE"));
        Assert.Equal("limit", await shop.TryAsync("c", "cleo", "GONE"));
        await shop.RunAsync("update coupon set usage_limit = 0 where code_key = 'GONE'");
        Assert.Equal("ruleCustomerLimit", await shop.TryAsync("c", ann, "GONE"));
        Assert.Empty(await Erasure.DatabaseSearch.FindAsync(Host.Database, ann, Story.Own("o1"), Story.Own("secret-cart"), Story.Own("secret-order")));
    }

    private JsonObject Order(string type, string identities, string order, string? coupon, DateTimeOffset? at = null, string? id = null)
    {
        var e = Story.Order(type, identities, order, 10, at, id);
        if (coupon is not null)
            e["commerce"]!["order"]!["couponCode"] = coupon;
        return e;
    }
}

/// <summary>The same where a storefront's word is not enough.</summary>
public sealed class UntrustedStorefrontOrderTests(PlatformServer server) : StoryTest(new Suspicious(server))
{
    [Fact]
    public async Task A_purchase_only_a_browser_told_of_uses_no_coupon_where_the_storefront_is_not_trusted()
    {
        var shop = new CouponShop(Host);
        await shop.RuleWithAsync("FORGED");
        var purchase = Story.Order(Purchase, "ECID:phone", "o1", 10);
        purchase["commerce"]!["promotionID"] = "FORGED";
        await Story.BrowseAsync(purchase);
        await shop.FollowAsync();
        Assert.Equal(0, await shop.TimesUsedAsync("FORGED"));
        var placed = Story.Order(Placed, "CustomerId:ann", "o1", 10);
        placed["commerce"]!["promotionID"] = "FORGED";
        await Story.BackOfficeAsync(placed);
        await shop.FollowAsync();
        Assert.Equal(1, await shop.TimesUsedAsync("FORGED"));
    }

    private sealed class Suspicious(PlatformServer server) : PlatformHost(server)
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Coupons:TrustStorefrontOrders", "false")];
    }
}
