using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PersonalizationPlatform.Activation.Coupons.Batches;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.Coupons;

public sealed class CouponBatchTests(PlatformServer server, ListeningPlatformHost host) : IClassFixture<ListeningPlatformHost>
{
    private readonly CouponShop shop = new(host);

    private CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_nodes_generate_a_batch_together_to_exactly_its_quantity()
    {
        var id = await BatchAsync("""{ "quantity": 35000, "prefix": "fall-", "suffix": "-x", "dashEvery": 5, "expiresAt": "2026-12-01" }""");
        Assert.Equal("queued", (string)(await host.Admin.GetJsonAsync($"/v1/coupon-batches/{id}"))["status"]!);
        Assert.True(await Batches(host).GenerateOnceAsync(CancellationToken));
        var part = await host.Admin.GetJsonAsync($"/v1/coupon-batches/{id}");
        Assert.Equal("running", (string)part["status"]!);
        Assert.InRange((int)part["generated"]!, 1, 34999);

        await using var second = await SecondNode.StartAsync(server, host);
        await Task.WhenAll(new PlatformHost[] { host, second, host, second }.Select(node => AllAsync(node)));
        await AllAsync(host);
        var done = await host.Admin.GetJsonAsync($"/v1/coupon-batches/{id}");
        Assert.Equal(("done", 35000, 12), ((string)done["status"]!, (int)done["generated"]!, (int)done["length"]!));
        Assert.Null(done["failure"]);
        Assert.Equal(35000, await shop.ValueAsync<long>("select count(*) from coupon where batch_id = $1", id));
        Assert.Equal(0, await shop.ValueAsync<long>(
            "select count(*) from coupon where batch_id = $1 and not (code ~ '^fall-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{2}-x$' and code_key = upper(code) and expires_at is not null)", id));
        var exported = (await host.Admin.GetStringAsync($"/v1/coupon-batches/{id}/codes", CancellationToken)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(35001, exported.Distinct().Count());
    }

    [Fact]
    public async Task A_node_that_dies_in_the_middle_of_a_chunk_leaves_nothing_and_the_next_one_goes_on()
    {
        var id = await BatchAsync("""{ "quantity": 12000 }""");
        Assert.True(await Batches(host).GenerateOnceAsync(CancellationToken));
        await using (var connection = await host.Database.OpenConnectionAsync(CancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(CancellationToken))
        {
            await using (var hold = new NpgsqlCommand("lock table coupon in share mode", connection, transaction))
                await hold.ExecuteNonQueryAsync(CancellationToken);
            var dying = Batches(host).GenerateOnceAsync(CancellationToken);
            while (!await shop.ValueAsync<bool>("""
                select coalesce(bool_or(pg_terminate_backend(pid)), false) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into coupon %'
                """))
                Assert.False(dying.IsCompleted);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => dying);
        }

        Assert.Equal(10000, await shop.ValueAsync<long>("select count(*) from coupon where batch_id = $1", id));
        await AllAsync(host);
        Assert.Equal(12000, await shop.ValueAsync<long>("select count(*) from coupon where batch_id = $1", id));
        Assert.Equal("done", (string)(await host.Admin.GetJsonAsync($"/v1/coupon-batches/{id}"))["status"]!);
    }

    [Fact]
    public async Task The_export_has_every_code_with_its_uses_and_nothing_a_spreadsheet_would_run()
    {
        var id = await BatchAsync("""{ "quantity": 3, "prefix": "=1+,", "format": "numeric" }""");
        await AllAsync(host);
        var code = await shop.ValueAsync<string>("select min(code) from coupon where batch_id = $1", id);
        Assert.Equal("reserved", await shop.TryAsync("csv", null, code));
        await shop.RedeemAsync("csv", "csv-o");
        using var answer = await host.Admin.GetAsync($"/v1/coupon-batches/{id}/codes", CancellationToken);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync(CancellationToken)).Split("\r\n");
        Assert.Equal("code,created_at,times_used,expires_at", lines[0]);
        Assert.Equal($"\"'{code}\",2026-06-15T12:00:00Z,1,", lines[1]);
        Assert.Equal((5, ""), (lines.Length, lines[4]));
        Assert.Equal(["a", "'+1", "'-1", "'@x", "'=x", "\"a,b\"", "\"a\"\"b\""], new[] { "a", "+1", "-1", "@x", "=x", "a,b", "a\"b" }.Select(CouponCsv.Cell));
        using var unknown = await host.Admin.GetAsync($"/v1/coupon-batches/{Guid.NewGuid()}/codes", CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_batch_that_finds_no_free_code_in_ten_attempts_fails_and_keeps_what_it_has()
    {
        // There are ten codes of this form; all of them belong to another rule by the time they are generated.
        var id = await BatchAsync("""{ "quantity": 2, "length": 1, "format": "numeric", "prefix": "TIGHT" }""");
        var rule = await shop.RuleAsync();
        await shop.RunAsync(
            "insert into coupon (code_key, code, rule_id, kind, created_at, is_primary) select 'TIGHT' || n, 'TIGHT' || n, $1, 'specific', $2, false from generate_series(0, 9) n",
            rule, host.Clock.GetUtcNow());
        await AllAsync(host);
        var failed = await host.Admin.GetJsonAsync($"/v1/coupon-batches/{id}");
        Assert.Equal(("failed", "coupon.codesExhausted", 0), ((string)failed["status"]!, (string)failed["failure"]!, (int)failed["generated"]!));
    }

    [Theory]
    [InlineData(1, 12, "alphanumeric", 12)]
    [InlineData(2, 1, "numeric", 1)]
    [InlineData(3, 1, "numeric", 2)]
    [InlineData(6, 1, "alphabetical", 1)]
    [InlineData(7, 1, "alphabetical", 2)]
    [InlineData(9, 1, "alphanumeric", 1)]
    [InlineData(10, 1, "alphanumeric", 2)]
    [InlineData(1000000, 4, "alphanumeric", 5)]
    [InlineData(1000000, 3, "numeric", 7)]
    public void Codes_are_lengthened_until_they_are_at_most_a_quarter_of_all_possible_ones(int quantity, int length, string characters, int expected) =>
        Assert.Equal(expected, new CodeFormat(length, Enum.Parse<CodeCharacters>(characters, true), "", "", 0).RoomyFor(quantity).Length);

    [Theory]
    [InlineData(0, "^[A-Z]{6}$")]
    [InlineData(3, "^[A-Z]{3}-[A-Z]{3}$")]
    [InlineData(4, "^[A-Z]{4}-[A-Z]{2}$")]
    [InlineData(6, "^[A-Z]{6}$")]
    [InlineData(1, "^[A-Z]-[A-Z]-[A-Z]-[A-Z]-[A-Z]-[A-Z]$")]
    public void Dashes_stand_before_every_nth_character(int every, string expected) =>
        Assert.Matches(expected, new CodeFormat(6, CodeCharacters.Alphabetical, "", "", every).Next());

    [Fact]
    public async Task What_is_wrong_with_a_batch_is_told_all_at_once()
    {
        var rule = await shop.RuleAsync(couponType: "auto");
        var refused = await host.Admin.PostJsonAsync(
            $"/v1/cart-rules/{rule}/coupon-batches", """{ "quantity": 1000001, "length": 0, "dashEvery": -1, "prefix": "a\tb" }""", HttpStatusCode.BadRequest);
        Assert.Equal(["$.quantity", "$.length", "$.dashEvery", "$.prefix"], refused["errors"]!.AsArray().Select(error => (string)error!["path"]!));
        await host.Admin.PostJsonAsync($"/v1/cart-rules/{Guid.NewGuid()}/coupon-batches", """{ "quantity": 1 }""", HttpStatusCode.NotFound);
        var none = await host.Admin.PostJsonAsync(
            $"/v1/cart-rules/{await shop.RuleAsync(couponType: "none")}/coupon-batches", """{ "quantity": 1 }""", HttpStatusCode.Conflict);
        Assert.Equal("coupon.ruleTakesNone", (string)none["code"]!);
    }

    private async Task<Guid> BatchAsync(string body)
    {
        var rule = await shop.RuleAsync(couponType: "auto");
        using var answer = await host.Admin.PostTextAsync($"/v1/cart-rules/{rule}/coupon-batches", body);
        var batch = await answer.JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal($"/v1/coupon-batches/{batch["id"]}", answer.Headers.Location!.OriginalString);
        return (Guid)batch["id"]!;
    }

    private static CouponBatches Batches(PlatformHost node) => node.Services.GetRequiredService<CouponBatches>();

    private async Task AllAsync(PlatformHost node)
    {
        while (await Batches(node).GenerateOnceAsync(CancellationToken))
        {
        }
    }
}
