using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Activation.Coupons.Orders;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.Coupons;

/// <summary>A shop with coupons: its rules, its codes, and its servers that reserve, redeem and release.</summary>
internal sealed class CouponShop(PlatformHost host)
{
    private const string Rules = """
        create table if not exists cart_rule (
            id uuid primary key, key text not null, name text not null, status text not null, version int not null, number bigint not null,
            external_id text, body json not null, created_at timestamptz not null, updated_at timestamptz not null)
        """;

    private HttpClient? server;

    /// <summary>A client of one node with a secret key that may decide.</summary>
    public async Task<HttpClient> ServerAsync() => server ??= host.Client(await host.NewKeyAsync("secret", "decide"));

    /// <summary>A rule that takes coupons, with the members of its body that matter here.</summary>
    public async Task<Guid> RuleAsync(string members = "", string status = "live", string couponType = "specific")
    {
        var id = Guid.CreateVersion7();
        await RunAsync(Rules);
        await RunAsync(
            "insert into cart_rule values ($1, $2, $2, $3, 1, 1, null, $4::json, $5, $5)", id, "rule-" + id, status,
            $$"""{ "name": "rule", "couponType": "{{couponType}}"{{(members.Length > 0 ? ", " + members : "")}} }""", host.Clock.GetUtcNow());
        return id;
    }

    public Task ArchiveAsync(Guid rule) => RunAsync("update cart_rule set status = 'archived' where id = $1", rule);

    public async Task<JsonNode> CodeAsync(Guid rule, string code, string members = "") => await host.Admin.PostJsonAsync(
        $"/v1/cart-rules/{rule}/coupons", $$"""{ "code": "{{code}}"{{(members.Length > 0 ? ", " + members : "")}} }""", HttpStatusCode.Created);

    /// <summary>A rule with one code.</summary>
    public async Task<Guid> RuleWithAsync(string code, string members = "", string ruleMembers = "")
    {
        var rule = await RuleAsync(ruleMembers);
        await CodeAsync(rule, code, members);
        return rule;
    }

    public async Task<JsonNode> ReserveAsync(string cart, string? customer, params string[] codes) =>
        await (await ServerAsync()).PostJsonAsync("/v1/coupons/reservations", Reservation("cart", cart, customer, codes).ToJsonString());

    public async Task<JsonNode> ReserveOrderAsync(string order, string? customer, params string[] codes) =>
        await (await ServerAsync()).PostJsonAsync("/v1/coupons/reservations", Reservation("order", order, customer, codes).ToJsonString());

    /// <summary>Whether all were reserved, else the reasons, in the order of the codes.</summary>
    public async Task<string> TryAsync(string cart, string? customer, params string[] codes) => Verdict(await ReserveAsync(cart, customer, codes));

    public static string Verdict(JsonNode answer) => (bool)answer["reserved"]!
        ? "reserved"
        : string.Join(' ', answer["codes"]!.AsArray().Concat(answer["rules"]!.AsArray()).Select(code => (string?)code!["reason"] ?? "-"));

    public static JsonObject Reservation(string of, string reference, string? customer, params string[] codes)
    {
        var body = new JsonObject { [of] = reference, ["codes"] = new JsonArray([.. codes.Select(code => JsonValue.Create(code))]) };
        if (customer is not null)
            body["shopper"] = new JsonObject { ["identities"] = new JsonArray(new JsonObject { ["namespace"] = "CustomerId", ["id"] = customer }) };
        return body;
    }

    /// <summary>The state, or the problem's code.</summary>
    public async Task<string> RedeemAsync(string reference, string? order = null) => await ToldAsync(await (await ServerAsync()).PostTextAsync(
        $"/v1/coupons/reservations/{reference}/redeem", order is null ? "{}" : $$"""{ "order": "{{order}}" }"""));

    public async Task<string> ReleaseAsync(string reference) =>
        await ToldAsync(await (await ServerAsync()).PostTextAsync($"/v1/coupons/reservations/{reference}/release", "{}"));

    public async Task<int> TimesUsedAsync(string code) => (int)(await host.Admin.GetJsonAsync("/v1/coupons/" + code))["timesUsed"]!;

    /// <summary>Uses that a decision would count now.</summary>
    public async Task<int> UsesAsync(string code) => (await host.Services.GetRequiredService<CouponReader>().ReadAsync(
        [code], [], null, [], host.Clock.GetUtcNow(), TestContext.Current.CancellationToken)).Coupons[0].Uses;

    /// <summary>The background duty that follows orders, until there is nothing new.</summary>
    public async Task FollowAsync()
    {
        while (await host.Services.GetRequiredService<CouponOrders>().FollowOnceAsync(TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    public async Task RunAsync(string sql, params object[] values)
    {
        await using var command = host.Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T> ValueAsync<T>(string sql, params object[] values)
    {
        await using var command = host.Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public static async Task<string> ToldAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var json = await answer.JsonAsync(answer.StatusCode);
            return answer.IsSuccessStatusCode ? (string)json["state"]! : (string)json["code"]!;
        }
    }
}
