using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.Coupons;

/// <summary>Limits hold exactly, however many ask at once, on two nodes.</summary>
public sealed class CouponLimitTests(PlatformServer server, ListeningPlatformHost host) : IClassFixture<ListeningPlatformHost>
{
    private const int Redeemers = 64;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Of_64_who_redeem_at_once_exactly_as_many_succeed_as_the_limit_allows(int limit)
    {
        var code = $"LIMIT{limit}";
        await using var second = await SecondNode.StartAsync(server, host);
        CouponShop[] nodes = [new(host), new(second)];
        await nodes[0].RuleWithAsync(code, $"\"usageLimit\": {limit}");
        foreach (var node in nodes)
            await node.ServerAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Redeemers).Select(async i =>
        {
            var shop = nodes[i % 2];
            var verdict = await shop.TryAsync($"cart-{limit}-{i}", null, code);
            return verdict == "reserved" ? await shop.RedeemAsync($"cart-{limit}-{i}", $"order-{limit}-{i}") : verdict;
        }));

        Assert.Equal(limit, outcomes.Count(outcome => outcome == "redeemed"));
        Assert.Equal(Redeemers - limit, outcomes.Count(outcome => outcome == "limit"));
        Assert.Equal(limit, await nodes[0].TimesUsedAsync(code));
        Assert.Equal(limit, await nodes[0].UsesAsync(code));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Of_64_who_all_held_it_too_long_exactly_as_many_redeem_as_the_limit_allows(int limit)
    {
        var code = $"LATE{limit}";
        var shop = new CouponShop(host);
        await shop.RuleWithAsync(code, $"\"usageLimit\": {limit}");
        for (var i = 0; i < Redeemers; i++)
        {
            Assert.Equal("reserved", await shop.TryAsync($"late-{limit}-{i}", null, code));
            if (i % limit == limit - 1)
                host.Clock.Advance(TimeSpan.FromMinutes(61));
        }

        host.Clock.Advance(TimeSpan.FromMinutes(61));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Redeemers).Select(i => shop.RedeemAsync($"late-{limit}-{i}", $"late-order-{limit}-{i}")));
        Assert.Equal(limit, outcomes.Count(outcome => outcome == "redeemed"));
        Assert.Equal(Redeemers - limit, outcomes.Count(outcome => outcome == "reservation.expired"));
        Assert.Equal(limit, await shop.TimesUsedAsync(code));
    }

    [Fact]
    public async Task One_customer_in_many_carts_at_once_gets_one_use_of_a_rule_whichever_code_they_enter()
    {
        var shop = new CouponShop(host);
        var rule = await shop.RuleWithAsync("MINE-A", ruleMembers: "\"usesPerCustomer\": 1");
        await shop.CodeAsync(rule, "MINE-B");
        await shop.ServerAsync();
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => shop.TryAsync($"mine-{i}", "hoarder", i % 2 == 0 ? "MINE-A" : "MINE-B")));
        Assert.Equal(1, verdicts.Count(verdict => verdict == "reserved"));
        Assert.Equal(31, verdicts.Count(verdict => verdict == "ruleCustomerLimit"));
        Assert.Equal("reserved", await shop.TryAsync("mine-other", "somebody else", "MINE-A"));
    }

    [Fact]
    public async Task Codes_asked_for_in_any_order_by_the_same_carts_neither_block_one_another_nor_miscount()
    {
        var shop = new CouponShop(host);
        string[] codes = ["CROSS-A", "CROSS-B", "CROSS-C"];
        foreach (var code in codes)
            await shop.RuleWithAsync(code, "\"usageLimit\": 12");
        await shop.ServerAsync();

        // Every cart is asked for several times at once, each time with the codes turned round and one left out.
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
            shop.TryAsync($"cross-{i % 20}", null, codes[i % 3], codes[(i + 1 + i / 3 % 2) % 3])));
        Assert.Contains("reserved", verdicts);
        foreach (var code in codes)
        {
            var held = await shop.ValueAsync<long>("select count(*) from coupon_use where code_key = $1 and state = 'reserved'", code);
            Assert.InRange(held, 1, 12);
            Assert.Equal(held, await shop.ValueAsync<int>("select reserved from coupon_count where code_key = $1", code));
        }

        var most = await shop.ValueAsync<long>("select max(n) from (select count(*) n from coupon_use where code_key like 'CROSS-%' and state = 'reserved' group by reference) c");
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task The_same_cart_redeemed_by_everybody_at_once_is_used_once()
    {
        var shop = new CouponShop(host);
        await shop.RuleWithAsync("ONCE", "\"usageLimit\": 5");
        await shop.TryAsync("once", "ann", "ONCE");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => shop.RedeemAsync("once", "once-order")));
        Assert.All(outcomes, outcome => Assert.Equal("redeemed", outcome));
        Assert.Equal(1, await shop.TimesUsedAsync("ONCE"));
    }
}
