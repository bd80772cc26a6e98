using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Tests.Activation.CartDecisions;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Tests.Stories;
using PersonalizationPlatform.Vocabulary;
using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Activation.Coupons;

/// <summary>What an order uses is a function of all that calls and events have said about it.</summary>
public sealed class OrderUsesTests : StoryTest
{
    internal const string Updated = "Order Updated";
    private readonly CouponShop shop;

    public OrderUsesTests(PlatformServer server)
        : base(new PlatformHost(server)) => shop = new CouponShop(Host);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_order_uses_the_codes_that_its_events_name_at_last_whether_told_at_once_or_one_after_the_other(bool atOnce)
    {
        await CodesAsync("A", "B");
        Story.Later("PT1H");
        var placed = Order(Placed, "w", "A", -30);
        var updated = Order(Updated, "w", "B", -29);
        if (atOnce)
        {
            await Story.BackOfficeAsync(placed, updated);
        }
        else
        {
            await Story.BackOfficeAsync(placed);
            await shop.FollowAsync();
            Assert.Equal("1 0", await UsedAsync("A", "B"));
            await Story.BackOfficeAsync(updated);
        }

        await shop.FollowAsync();
        Assert.Equal("0 1", await UsedAsync("A", "B"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_storefront_and_back_office_name_different_codes_the_back_office_is_believed_whoever_is_first(bool storefrontFirst)
    {
        await CodesAsync("A", "B");
        Story.Later("PT1H");
        for (var i = 0; i < 2; i++)
        {
            if (i == 0 == storefrontFirst)
                await Story.BrowseAsync(Order(Purchase, "w", "A", -30, "ECID:phone"));
            else
                await Story.BackOfficeAsync(Order(Placed, "w", "B", -29));
            await shop.FollowAsync();
        }

        Assert.Equal("0 1", await UsedAsync("A", "B"));
    }

    [Fact]
    public async Task An_edit_is_redeemed_by_the_next_event_of_the_order_and_gives_back_what_it_left_out()
    {
        await CodesAsync("A", "B");
        await Story.BackOfficeAsync(Order(Placed, "y", null, 0));
        await shop.ReserveOrderAsync(Story.Own("y"), null, "A");
        await shop.RedeemAsync(Story.Own("y"));
        Assert.Equal("reserved", CouponShop.Verdict(await shop.ReserveOrderAsync(Story.Own("y"), null, "B")));
        await shop.FollowAsync();
        // What was known when the edit began does not redeem it.
        Assert.Equal("1 0", await UsedAsync("A", "B"));
        await Story.BackOfficeAsync(Order(Updated, "y", null, 0, status: "processing"));
        await shop.FollowAsync();
        Assert.Equal("0 1", await UsedAsync("A", "B"));
    }

    [Fact]
    public async Task An_edit_that_has_lapsed_no_event_redeems()
    {
        await CodesAsync("A", "B");
        await Story.BackOfficeAsync(Order(Placed, "y", "A", 0));
        await shop.FollowAsync();
        await shop.ReserveOrderAsync(Story.Own("y"), null, "B");
        Story.Later("PT61M");
        await Story.BackOfficeAsync(Order(Updated, "y", null, 0, status: "processing"));
        await shop.FollowAsync();
        Assert.Equal("1 0", await UsedAsync("A", "B"));
        Assert.Equal(0, await shop.UsesAsync("B"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_redeemed_for_an_order_that_was_cancelled_is_given_back_at_once(bool reservedFirst)
    {
        await shop.RuleWithAsync("A", "\"usageLimit\": 1");
        if (reservedFirst)
            await shop.TryAsync("x1", null, "A");
        await Story.BrowseAsync(Order(Purchase, "x1", "A", -30, "ECID:phone"));
        await Story.BackOfficeAsync(Order(OrderCancelled, "x1", null, -20));
        await shop.FollowAsync();
        if (!reservedFirst)
            await shop.TryAsync("x1", null, "A");
        Assert.Equal("released", await shop.RedeemAsync("x1", Story.Own("x1")));
        Assert.Equal(0, await shop.TimesUsedAsync("A"));
        await shop.FollowAsync();
        Assert.Equal((0, 0), (await shop.TimesUsedAsync("A"), await shop.UsesAsync("A")));
        Assert.Equal("reserved", await shop.TryAsync("another", null, "A"));

        // The shop takes the cancellation back.
        await shop.ReleaseAsync("another");
        await Story.BackOfficeAsync(Order(Updated, "x1", null, -10, status: "processing"));
        await shop.FollowAsync();
        Assert.Equal(1, await shop.TimesUsedAsync("A"));
    }

    [Fact]
    public async Task A_redemption_hears_of_a_cancellation_that_nobody_has_followed_yet()
    {
        await CodesAsync("A");
        await shop.TryAsync("x2", null, "A");
        await Story.BackOfficeAsync(Order(OrderCancelled, "x2", null, -20));
        Assert.Equal("released", await shop.RedeemAsync("x2", Story.Own("x2")));
        Assert.Equal("0", await UsedAsync("A"));
    }

    [Fact]
    public async Task An_order_that_was_released_before_its_events_were_followed_uses_nothing_whatever_they_name_later()
    {
        await CodesAsync("A", "B");
        await Story.BackOfficeAsync(Order(Placed, "r", "A", -20));
        Assert.Equal("released", await shop.ReleaseAsync(Story.Own("r")));
        await Story.BackOfficeAsync(Order(Updated, "r", "B", -10));
        await shop.FollowAsync();
        Assert.Equal("0 0", await UsedAsync("A", "B"));
    }

    [Fact]
    public async Task A_use_that_a_guest_reserved_is_the_customers_whose_order_it_became()
    {
        await Host.RuleAsync("""
            "name": "Six", "couponType": "specific", "couponCodes": ["SIX"], "couponUsesPerCustomer": 1, "usesPerCustomer": 1
            """);
        await shop.TryAsync("x6", null, "SIX");
        await shop.RedeemAsync("x6", Story.Own("x6"));
        await Story.BackOfficeAsync(Order(Placed, "x6", "SIX", 0, "CustomerId:g5"));
        await shop.FollowAsync();
        var customer = Story.Identity("CustomerId:g5").Id;
        var decided = await Host.Admin.DecideAsync($$""" "identities": [ { "namespace": "CustomerId", "id": "{{customer}}" } ] """, """ "coupons": ["SIX"] """);
        Assert.Equal("customerLimitReached", (string?)decided["coupons"]![0]!["reason"]);
        Assert.Equal("customerLimit", await shop.TryAsync("x7", customer, "SIX"));
        Assert.Equal(1, await shop.TimesUsedAsync("SIX"));
    }

    [Fact]
    public async Task A_code_that_was_deleted_stays_used_by_the_orders_that_name_it()
    {
        await CodesAsync("A", "B");
        var rule = await shop.ValueAsync<Guid>("select rule_id from coupon where code_key = 'A'");
        await Story.BackOfficeAsync(Order(Placed, "d", "A", -20));
        await shop.FollowAsync();
        using (await Host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/coupons/A", null))
        {
        }

        await Story.BackOfficeAsync(Order(Updated, "d", null, -10, status: "processing"));
        await shop.FollowAsync();
        Assert.Equal(1, await shop.ValueAsync<int>("select redeemed from coupon_count where rule_id = $1 and code_key = 'A'", rule));
    }

    [Fact]
    public async Task After_an_erasure_a_later_event_of_the_order_gives_nothing_back()
    {
        await CodesAsync("A");
        await Story.BackOfficeAsync(Order(Placed, "e", "A", -20, "CustomerId:ann"), Order(Updated, "e", null, -19, "CustomerId:ann", "processing"));
        await shop.FollowAsync();
        await Story.EraseAsync("CustomerId:ann");
        Story.Later("PT1M");
        await Story.BackOfficeAsync(Order(Updated, "e", null, 0, status: "complete"));
        await shop.FollowAsync();
        Assert.Equal("1", await UsedAsync("A"));
    }

    [Fact]
    public async Task What_the_shop_has_given_back_stays_so_for_longer_than_uses_that_are_over_are_kept()
    {
        await CodesAsync("A", "B");
        await Story.BackOfficeAsync(Order(Placed, "left", "A", -20), Order(Placed, "gone", "B", -20));
        await shop.FollowAsync();
        await shop.ReserveOrderAsync(Story.Own("left"), null);
        await shop.RedeemAsync(Story.Own("left"));
        await shop.ReleaseAsync(Story.Own("gone"));
        Story.Later("P31D");
        while (await Host.Services.GetRequiredService<CouponRetention>().DeleteOnceAsync(TestContext.Current.CancellationToken) > 0)
        {
        }

        await Story.BackOfficeAsync(Order(Updated, "left", null, 0, status: "complete"), Order(Updated, "gone", null, 0, status: "complete"));
        await shop.FollowAsync();
        Assert.Equal("0 0", await UsedAsync("A", "B"));
    }

    [Fact]
    public async Task Orders_that_are_told_of_redeemed_and_followed_all_at_once_come_to_the_same()
    {
        await CodesAsync("A");
        await shop.ServerAsync();
        var told = Enumerable.Range(0, 30).Select(i => Order(i % 2 == 0 ? Placed : OrderCancelled, "o" + i, i % 3 == 0 ? "A" : null, -i)).ToList();
        await Task.WhenAll(told.SelectMany((e, i) => (Task[])[Story.BackOfficeAsync(e), CallsAsync(i), shop.FollowAsync()]));
        await shop.FollowAsync();
        Assert.Equal((15, 15), (await shop.TimesUsedAsync("A"), await shop.UsesAsync("A")));

        async Task CallsAsync(int i)
        {
            await shop.TryAsync("c" + i, null, "A");
            Assert.Contains(await shop.RedeemAsync("c" + i, Story.Own("o" + i)), (string[])["redeemed", "released"]);
        }
    }

    [Fact]
    public async Task Uses_from_before_calls_and_events_were_noted_apart_stand_as_they_stood()
    {
        await CodesAsync("A", "B", "C", "D");
        await shop.TryAsync("c1", "ann", "A");
        await shop.TryAsync("c2", "ann", "B");
        await shop.RedeemAsync("c2", Story.Own("o2"));
        await shop.TryAsync("c3", null, "C");
        await shop.RedeemAsync("c3", Story.Own("o3"));
        await shop.ReleaseAsync(Story.Own("o3"));
        await Story.BackOfficeAsync(Order(Placed, "o4", "D", -20), Order(OrderCancelled, "o4", null, -10));
        await shop.FollowAsync();
        using (var scope = Host.Services.CreateScope())
        {
            var migrator = scope.ServiceProvider.GetRequiredService<PlatformDb>().GetService<IMigrator>();
            await migrator.MigrateAsync("20261129023720_RefusedArrivals", TestContext.Current.CancellationToken);
            await migrator.MigrateAsync(cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal("0 1 0 0", await UsedAsync("A", "B", "C", "D"));
        Assert.Equal(1, await shop.UsesAsync("A"));
        Assert.Equal("redeemed", await shop.RedeemAsync("c1", Story.Own("o1")));
        Assert.Equal("redeemed", await shop.RedeemAsync("c2", Story.Own("o2")));
        Assert.Equal("reservation.released", await shop.RedeemAsync("c3", Story.Own("o3")));
        await Story.BackOfficeAsync(Order(Placed, "o3", "C", 0), Order(Updated, "o4", null, 0, status: "processing"));
        await shop.FollowAsync();
        Assert.Equal("1 1 0 1", await UsedAsync("A", "B", "C", "D"));
    }

    [Fact]
    public async Task Any_order_and_batching_of_what_events_and_calls_say_of_an_order_leads_to_the_same_uses()
    {
        await CodesAsync("A", "B", "C", "D");
        Story.Later("PT12H");
        var differences = new List<string>();
        for (var seed = 1; seed <= 20; seed++)
        {
            var history = new OrderHistory(seed);
            await TellAsync(history, $"a{seed}", new Random(seed), shuffled: false);
            var expected = await PictureAsync($"a{seed}");
            for (var turn = 1; turn <= 3; turn++)
            {
                await TellAsync(history, $"b{seed}-{turn}", new Random(seed * 100 + turn), shuffled: true);
                if (await PictureAsync($"b{seed}-{turn}") is var shuffled && shuffled != expected)
                    differences.Add($"seed {seed}.{turn} ({string.Join(", ", history.Calls)}): {shuffled} instead of {expected}");
            }
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
        foreach (var code in (string[])["A", "B", "C", "D"])
            Assert.Equal(await shop.ValueAsync<long>("select count(*) from coupon_use where state = 'redeemed' and code_key = $1", code), await shop.TimesUsedAsync(code));
    }

    /// <summary>Tells a history: all events in order and then the calls, or everything mixed and cut into batches, the calls in their order.</summary>
    private async Task TellAsync(OrderHistory history, string world, Random random, bool shuffled)
    {
        IEnumerable<int> order = Enumerable.Range(0, history.Events.Count);
        var events = new Queue<int>(shuffled ? order.OrderBy(_ => random.Next()) : order);
        var calls = new Queue<string>(history.Calls);
        while (events.Count + calls.Count > 0)
        {
            if (calls.Count > 0 && (events.Count == 0 || (shuffled && random.Next(events.Count + calls.Count) < calls.Count)))
            {
                await CallAsync(calls.Dequeue(), world);
            }
            else
            {
                var batch = Enumerable.Range(0, shuffled ? random.Next(1, 4) : events.Count).Where(_ => events.Count > 0).Select(_ => history.Events[events.Dequeue()]).ToList();
                foreach (var told in batch.GroupBy(told => told.Type == Purchase))
                {
                    JsonObject[] list = [.. told.Select(e => Order(e.Type, world, e.Code, e.Minute, e.Customer ? "CustomerId:ben" + world : "ECID:phone" + world, e.Status, $"{world}-{e.Number}"))];
                    await (told.Key ? Story.BrowseAsync(list) : Story.BackOfficeAsync(list));
                }
            }

            if (shuffled && random.Next(2) == 0)
                await shop.FollowAsync();
        }

        await shop.FollowAsync();
    }

    /// <summary><c>reserve who codes</c>, <c>edit who codes</c>, <c>redeem</c>, <c>release</c>.</summary>
    private async Task CallAsync(string call, string world)
    {
        var words = call.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (order, who) = (Story.Own(world), words.ElementAtOrDefault(1) == "ann" ? "ann" + world : null);
        var told = words[0] switch
        {
            "reserve" => await shop.TryAsync("cart-" + world, who, words[2..]),
            "edit" => CouponShop.Verdict(await shop.ReserveOrderAsync(order, who, words[2..])),
            "redeem" => await shop.RedeemAsync("cart-" + world, order),
            "redeemEdit" => await shop.RedeemAsync(order),
            _ => await shop.ReleaseAsync(order),
        };
        Assert.Contains(told, (string[])["reserved", "redeemed", "released"]);
    }

    /// <summary>What counts for the order, each with whose it is.</summary>
    private async Task<string> PictureAsync(string world)
    {
        var (references, hash) = (Host.Services.GetRequiredService<CouponReferences>(), Host.Services.GetRequiredService<IdentityHash>());
        Assert.True(Identity.TryCreate("CustomerId", "ann" + world, out var ann));
        Assert.True(Identity.TryCreate("CustomerId", Story.Identity("CustomerId:ben" + world).Id, out var ben));
        var order = await references.OfOrderAsync(null, Story.Own(world), TestContext.Current.CancellationToken);
        return await shop.ValueAsync<string>(
            """
            select coalesce(string_agg(concat_ws(' ', c.code_key, case when u.code_key = '' then 'rule' end, u.state,
                case u.customer_id when $2 then 'ann' when $3 then 'ben' end), ', ' order by c.code_key, u.code_key), 'nothing')
            from coupon_use u join coupon c on c.rule_id = u.rule_id where u.reference = $1 and u.state in ('reserved', 'redeemed')
            """,
            order.Reference.Value, hash.Of(ann).Value, hash.Of(ben).Value);
    }

    private async Task CodesAsync(params string[] codes)
    {
        foreach (var code in codes)
            await shop.RuleWithAsync(code);
    }

    private async Task<string> UsedAsync(params string[] codes)
    {
        var used = new List<int>();
        foreach (var code in codes)
            used.Add(await shop.TimesUsedAsync(code));
        return string.Join(' ', used);
    }

    private JsonObject Order(string type, string order, string? code, int minute, string identities = "", string? status = null, string? id = null)
    {
        var e = Story.Order(type, identities, order, 10, Story.Now.AddMinutes(minute), id);
        if (code is not null)
            e["commerce"]!["promotionID"] = code;
        if (status is not null)
            e["commerce"]!["order"]!["status"] = status;
        return e;
    }
}
