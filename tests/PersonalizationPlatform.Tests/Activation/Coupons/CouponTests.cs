using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Activation.Coupons.Batches;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Activation.Coupons;

public sealed class CouponTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private readonly CouponShop shop = new(host);

    private CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_is_one_in_upper_and_lower_case_over_all_rules()
    {
        var rule = await shop.RuleAsync();
        var created = await shop.CodeAsync(rule, "Summer-ß10", "\"usageLimit\": 5, \"usagePerCustomer\": 1, \"expiresAt\": \"2026-09-01\", \"externalId\": \"77\"");
        Assert.Equal("Summer-ß10", (string)created["code"]!);
        var read = await host.Admin.GetJsonAsync("/v1/coupons/SUMMER-ß10");
        Assert.Equal(created.ToJsonString(), read.ToJsonString());
        Assert.Equal((rule, "specific", 5, 1, 0, false, "77"), (
            (Guid)read["rule"]!, (string)read["kind"]!, (int)read["usageLimit"]!, (int)read["usagePerCustomer"]!, (int)read["timesUsed"]!, (bool)read["primary"]!,
            (string)read["externalId"]!));
        var taken = await host.Admin.PostJsonAsync($"/v1/cart-rules/{await shop.RuleAsync()}/coupons", """{ "code": " summer-ß10 " }""", HttpStatusCode.Conflict);
        Assert.Equal("coupon.taken", (string)taken["code"]!);
        using var deleted = await host.Admin.DeleteAsync("/v1/coupons/sUMMER-ß10", CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await host.Admin.GetJsonAsync("/v1/coupons/SUMMER-ß10", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_codes_of_a_rule_come_in_pages_with_their_uses()
    {
        var rule = await shop.RuleAsync();
        foreach (var code in new[] { "PAGE-c", "PAGE-a", "PAGE-B" })
            await shop.CodeAsync(rule, code);
        await shop.TryAsync("page", null, "PAGE-B");
        await shop.RedeemAsync("page", "page-o");
        var first = await host.Admin.GetJsonAsync($"/v1/cart-rules/{rule}/coupons?limit=2");
        Assert.Equal(["PAGE-a 0", "PAGE-B 1"], first["items"]!.AsArray().Select(coupon => $"{coupon!["code"]} {coupon["timesUsed"]}"));
        var second = await host.Admin.GetJsonAsync($"/v1/cart-rules/{rule}/coupons?limit=2&cursor={first["nextCursor"]}");
        Assert.Equal("PAGE-c", (string)Assert.Single(second["items"]!.AsArray())!["code"]!);
        Assert.Null(second["nextCursor"]);
        await host.Admin.GetJsonAsync($"/v1/cart-rules/{Guid.NewGuid()}/coupons", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_codes_a_rule_lists_replace_those_it_listed_before_and_belong_to_no_other()
    {
        var (rule, other) = (await shop.RuleAsync(), await shop.RuleAsync());
        await shop.CodeAsync(rule, "LIST-ADDED");
        await ReplaceAsync(rule, "list-a", "LIST-B");
        Assert.True((bool)(await host.Admin.GetJsonAsync("/v1/coupons/LIST-A"))["primary"]!);
        var listed = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/coupons/LIST-A", null);
        Assert.Equal("coupon.ofRule", (string)(await listed.JsonAsync(HttpStatusCode.Conflict))["code"]!);

        var taken = await Assert.ThrowsAsync<ProblemException>(() => ReplaceAsync(other, "LIST-C", "List-B", "list-added"));
        Assert.Equal((409, "cartRule.couponTaken"), (taken.Status, taken.Code));
        Assert.Equal(["$.couponCodes[1]", "$.couponCodes[2]"], taken.Errors.Select(error => error.Path));
        await host.Admin.GetJsonAsync("/v1/coupons/LIST-C", HttpStatusCode.NotFound);

        await ReplaceAsync(rule, "LIST-a");
        Assert.Equal("LIST-a", (string)(await host.Admin.GetJsonAsync("/v1/coupons/LIST-A"))["code"]!);
        await host.Admin.GetJsonAsync("/v1/coupons/LIST-B", HttpStatusCode.NotFound);
        await host.Admin.GetJsonAsync("/v1/coupons/LIST-ADDED");
        await ReplaceAsync(other, "LIST-B");
    }

    [Fact]
    public async Task An_archived_rule_frees_its_codes_ends_its_batches_and_keeps_its_uses_to_itself()
    {
        var rule = await shop.RuleAsync(couponType: "auto");
        await shop.CodeAsync(rule, "FREED", "\"usageLimit\": 1");
        await shop.TryAsync("freed", "ann", "FREED");
        await shop.RedeemAsync("freed", "freed-o");
        var batch = await host.Admin.PostJsonAsync($"/v1/cart-rules/{rule}/coupon-batches", """{ "quantity": 15000 }""", HttpStatusCode.Accepted);
        await host.Services.GetRequiredService<CouponBatches>().GenerateOnceAsync(CancellationToken);
        await InTransactionAsync(db => Codes.FreeAsync(db, rule, CancellationToken));
        await shop.ArchiveAsync(rule);

        Assert.False(await host.Services.GetRequiredService<CouponBatches>().GenerateOnceAsync(CancellationToken));
        var ended = await host.Admin.GetJsonAsync($"/v1/coupon-batches/{batch["id"]}");
        Assert.Equal(("failed", "coupon.ruleArchived"), ((string)ended["status"]!, (string)ended["failure"]!));
        Assert.Empty((await host.Admin.GetJsonAsync($"/v1/cart-rules/{rule}/coupons"))["items"]!.AsArray());
        Assert.Equal(1, await shop.ValueAsync<long>("select count(*) from coupon_use where rule_id = $1 and code_key = 'FREED' and state = 'redeemed'", rule));
        Assert.Equal("coupon.ruleArchived", (string)(await host.Admin.PostJsonAsync($"/v1/cart-rules/{rule}/coupons", """{ "code": "X" }""", HttpStatusCode.Conflict))["code"]!);

        await shop.RuleWithAsync("freed", "\"usageLimit\": 1");
        Assert.Equal((0, 0), (await shop.TimesUsedAsync("FREED"), await shop.UsesAsync("FREED")));
        Assert.Equal("released", await shop.ReleaseAsync("freed-o"));
        Assert.Equal("reserved", await shop.TryAsync("freed-2", "ann", "FREED"));
    }

    [Fact]
    public async Task A_decision_reads_codes_as_entered_with_the_uses_of_others_and_of_the_customer()
    {
        var rule = await shop.RuleWithAsync("Read-A", "\"usageLimit\": 7, \"usagePerCustomer\": 2, \"expiresAt\": \"2026-09-01\"");
        var (hash, references) = (host.Services.GetRequiredService<IdentityHash>(), host.Services.GetRequiredService<CouponReferences>());
        Assert.True(Identity.TryCreate("CustomerId", "reader", out var reader));
        await shop.TryAsync("read-1", "reader", "READ-A");
        await shop.RedeemAsync("read-1", "read-o1");
        await shop.TryAsync("read-2", "reader", "READ-A");
        await shop.TryAsync("read-3", "another", "READ-A");

        async Task<(int Uses, int ByCustomer, int ByRule)> ReadAsync(CouponReference[] own, DateTimeOffset? at = null)
        {
            var reading = await host.Services.GetRequiredService<CouponReader>().ReadAsync(
                ["read-a", "nobody's"], [rule], hash.Of(reader), own, at ?? host.Clock.GetUtcNow(), CancellationToken);
            var coupon = reading.Coupons[0];
            Assert.Equal(
                ("read-a", rule, 7, 2, new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero)),
                (coupon.Code, coupon.Rule!.Value, coupon.UsageLimit!.Value, coupon.UsagePerCustomer!.Value, coupon.ExpiresAt!.Value));
            Assert.Equal(new("nobody's", null), reading.Coupons[1]);
            return (coupon.Uses, coupon.UsesByCustomer, reading.RuleUsesByCustomer.GetValueOrDefault(rule));
        }

        Assert.Equal((3, 2, 2), await ReadAsync([]));
        Assert.Equal((2, 1, 1), await ReadAsync([references.OfCart("read-2")]));
        Assert.Equal((2, 1, 1), await ReadAsync([(await references.OfOrderAsync(null, "read-o1", CancellationToken)).Reference]));
        Assert.Equal((2, 1, 1), await ReadAsync([references.OfCart("read-1")]));
        Assert.Equal((1, 1, 1), await ReadAsync([], host.Clock.GetUtcNow().AddMinutes(60)));
        var guest = await host.Services.GetRequiredService<CouponReader>().ReadAsync(["READ-A"], [rule], null, [], host.Clock.GetUtcNow(), CancellationToken);
        Assert.Equal((3, 0, 0), (guest.Coupons[0].Uses, guest.Coupons[0].UsesByCustomer, guest.RuleUsesByCustomer.Count));
    }

    [Fact]
    public async Task Uses_that_are_over_are_deleted_after_thirty_days_and_those_that_count_stay()
    {
        await shop.RuleWithAsync("KEEP", "\"usageLimit\": 9");
        await shop.TryAsync("keep-1", "ann", "KEEP");
        await shop.RedeemAsync("keep-1", "keep-o1");
        await shop.TryAsync("keep-2", "ann", "KEEP");
        await shop.TryAsync("keep-3", "ann", "KEEP");
        await shop.ReleaseAsync("keep-3");
        host.Clock.Advance(TimeSpan.FromDays(31));
        await DeleteAsync();
        host.Clock.Advance(TimeSpan.FromDays(31));
        await DeleteAsync();
        Assert.Equal(["redeemed"], (await shop.ValueAsync<string[]>("select array_agg(distinct state) from coupon_use where code_key in ('KEEP', '')")).Order());
        Assert.Equal(0, await shop.ValueAsync<int>("select reserved from coupon_count where code_key = 'KEEP'"));
        Assert.Equal((1, 1), (await shop.TimesUsedAsync("KEEP"), await shop.UsesAsync("KEEP")));
        Assert.Equal("released", await shop.ReleaseAsync("keep-1"));
        Assert.Equal("notFound", await shop.ReleaseAsync("keep-2"));
    }

    private CouponCodes Codes => host.Services.GetRequiredService<CouponCodes>();

    private async Task DeleteAsync()
    {
        while (await host.Services.GetRequiredService<CouponRetention>().DeleteOnceAsync(CancellationToken) > 0)
        {
        }
    }

    private Task ReplaceAsync(Guid rule, params string[] codes) => InTransactionAsync(db => Codes.ReplaceSpecificAsync(db, rule, codes, CancellationToken));

    private async Task InTransactionAsync(Func<PlatformDb, Task> work)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken);
        await work(db);
        await transaction.CommitAsync(CancellationToken);
    }
}
