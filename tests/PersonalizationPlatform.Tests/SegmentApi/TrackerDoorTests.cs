using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.SegmentApi;

/// <summary>The doors for trackers: keys, shapes, limits, and answers that make a client keep or drop what it sent.</summary>
public sealed class TrackerDoorTests(TrackedHost host) : IClassFixture<TrackedHost>
{
    private static int messages;

    [Fact]
    public async Task A_write_key_comes_by_basic_authentication_or_in_the_body_or_behind_the_address()
    {
        foreach (var (path, body, key) in new[]
        {
            ("/v1/t", Message("%"), TrackedHost.WriteKey),
            ("/v1/t", With(Message("%"), """ "writeKey": "WRITEKEY" """), null),
            ("/v1/b", $$"""{ "batch": [ {{Message("%")}} ], "writeKey": "WRITEKEY" }""", null),
            ("/v1/batch", $$"""{ "batch": [ {{With(Message("%"), """ "writeKey": "WRITEKEY" """)}} ] }""", null),
            ("/beacon/v1/batch?writeKey=WRITEKEY", $$"""{ "batch": [ {{Message("%")}} ] }""", null),
        })
        {
            var id = Next();
            await host.SucceedAsync(path, body.Replace("%", id), key);
            Assert.NotNull(await host.EventAsync(id));
        }
    }

    [Fact]
    public async Task Without_a_good_key_nothing_is_taken()
    {
        var admin = await host.NewKeyAsync("secret", "export");
        var decide = await host.NewKeyAsync("public", "decide");
        var secret = await host.NewKeyAsync("secret", "collect");
        foreach (var (path, body, key, expected) in new[]
        {
            ("/v1/t", Message("%"), null, (401, "key.missing")),
            ("/v1/t", Message("%"), "nobody", (401, "key.invalid")),
            ("/v1/t", With(Message("%"), """ "writeKey": "WRITEKEY" """), "nobody", (401, "key.invalid")),
            ("/v1/t", With(Message("%"), """ "writeKey": "nobody" """), null, (401, "key.invalid")),
            ("/v1/b", """{ "batch": [] }""", null, (401, "key.missing")),
            ("/v1/t", Message("%"), admin, (403, "key.scope")),
            ("/v1/t", Message("%"), decide, (403, "key.scope")),
            ("/beacon/v1/batch?writeKey=" + secret, """{ "batch": [] }""", null, (401, "key.invalid")),
        })
        {
            var id = Next();
            using var answer = await host.SendAsync(path, body.Replace("%", id), key);
            Assert.Equal((path, body, expected), (path, body, await answer.RefusalAsync()));
            Assert.Null(await host.EventAsync(id));
        }
    }

    [Fact]
    public async Task A_body_may_be_zipped_and_of_any_type()
    {
        var id = Next();
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes($$"""{ "batch": [ {{Message(id)}} ] }"""), TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new ByteArrayContent(zipped.ToArray()) };
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");
        request.Headers.TryAddWithoutValidation("Authorization", Tracker.Basic(TrackedHost.WriteKey));
        using var answer = await host.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
        await answer.JsonAsync(HttpStatusCode.OK);
        Assert.NotNull(await host.EventAsync(id));
    }

    [Theory]
    [InlineData("/v1/t", "hello", 400, "request.notJson")]
    [InlineData("/v1/t", "", 400, "request.notJson")]
    [InlineData("/v1/t", "{\"a\":1} {}", 400, "request.notJson")]
    [InlineData("/v1/t", "[]", 400, "segment.notAnObject")]
    [InlineData("/v1/t", "7", 400, "segment.notAnObject")]
    [InlineData("/v1/b", "{}", 400, "segment.noBatch")]
    [InlineData("/v1/batch", "{\"batch\":{}}", 400, "segment.noBatch")]
    [InlineData("/v1/batch", "{\"batch\":[}", 400, "request.notJson")]
    public async Task What_can_never_be_taken_is_told_so_and_not_asked_for_again(string path, string body, int status, string code)
    {
        using var answer = await host.SendAsync(path, body);
        Assert.Equal((status, code), await answer.RefusalAsync());
        Assert.Null(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Sizes_are_those_of_segment()
    {
        var (fits, large) = (Next(), Next());
        await host.SucceedAsync("/v1/t", Sized(fits, 32 * 1024));
        Assert.NotNull(await host.EventAsync(fits));
        using (var answer = await host.SendAsync("/v1/t", Sized(large, (32 * 1024) + 1)))
            Assert.Equal((413, "body.tooLarge"), await answer.RefusalAsync());
        using (var answer = await host.SendAsync("/v1/b", $$"""{ "batch": [], "padding": "{{new string('x', 500 * 1024)}}" }"""))
            Assert.Equal((413, "body.tooLarge"), await answer.RefusalAsync());
        using (var answer = await host.SendAsync("/v1/b", $$"""{ "batch": [ {{string.Join(',', Enumerable.Repeat("{}", 2501))}} ] }"""))
            Assert.Equal((413, "batch.tooLarge"), await answer.RefusalAsync());

        // Letters of all the world are as large as they are.
        var cyrillic = Next();
        await host.SucceedAsync("/v1/i", $$"""{ "messageId": "{{cyrillic}}", "userId": "cyrillic", "traits": { "about": "{{new string('ж', 15_000)}}" } }""", await host.NewKeyAsync("secret", "collect"));
        Assert.NotNull(await host.EventAsync(cyrillic));
    }

    [Fact]
    public async Task A_large_batch_is_stored_whole()
    {
        var batch = Next();
        var sent = string.Join(',', Enumerable.Range(0, 1500).Select(n => $$"""{"type":"page","messageId":"{{batch}}-{{n}}","anonymousId":"d-{{n % 7}}"}"""));
        await host.SucceedAsync("/v1/b", $$"""{ "batch": [ {{sent}} ] }""");
        await using var command = host.Database.CreateCommand("select count(*) from event where id like $1");
        command.Parameters.Add(new() { Value = batch + "-%" });
        Assert.Equal(1500L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_bad_ones_of_a_batch_are_kept_apart_and_the_good_ones_stored()
    {
        var (good, better, large) = (Next(), Next(), Next());
        var before = await host.RefusedAsync();
        await host.SucceedAsync("/v1/batch", $$"""
            { "batch": [ {{Message(good)}}, 7, null, { "type": "track", "event": "Order Cancelled", "userId": "1", "properties": { "order_id": "1" } },
              { "type": "page", "timestamp": "soon" }, {{Sized(large, 40_000)}}, {{Message(better)}} ] }
            """);
        Assert.NotNull(await host.EventAsync(good));
        Assert.NotNull(await host.EventAsync(better));
        Assert.Null(await host.EventAsync(large));
        Assert.Equal(
            ["event.notAnObject", "event.notAnObject", "event.needsSecretKey Order Cancelled", "time.invalid", "event.tooLarge Note Taken"],
            (await host.RefusedAsync()).Skip(before.Count));

        // Once messages may be larger it can be run again, and is understood as what it was.
        var newest = (await host.Admin.GetJsonAsync("/v1/refused-events?code=event.tooLarge&limit=1"))["items"]![0]!["id"]!;
        await host.Admin.PostJsonAsync($"/v1/refused-events/{newest}/retry", "");
        Assert.Equal("Note Taken", (string)(await host.EventAsync(large))!["kind"]!);
        await using var asSent = host.Database.CreateCommand("select body->>'messageId' from event where id = $1");
        asSent.Parameters.Add(new() { Value = large });
        Assert.Equal(large, await asSent.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_empty_batch_is_a_success() => await host.SucceedAsync("/v1/b", """{ "batch": [], "sentAt": "2026-06-15T12:00:00Z" }""");

    [Fact]
    public async Task A_message_sent_again_is_stored_once_however_it_comes()
    {
        var id = Next();
        await host.SucceedAsync("/v1/t", Message(id));
        await host.SucceedAsync("/v1/track", With(Message(id), """ "sentAt": "2026-06-15T12:00:09Z" """));
        await host.SucceedAsync("/v1/b", $$"""{ "batch": [ {{Message(id)}}, {{Message(id)}} ], "sentAt": "2026-06-15T12:00:10Z" }""");
        Assert.NotNull(await host.EventAsync(id));
    }

    [Fact]
    public async Task Every_address_of_a_call_is_that_call_whatever_its_message_says()
    {
        foreach (var (paths, kind) in new[] { ("t track", "Note Taken"), ("p page s screen", "pageView"), ("i identify", "identify"), ("g group", "group"), ("a alias", "alias") })
            foreach (var path in paths.Split(' '))
            {
                var id = Next();
                await host.SucceedAsync("/v1/" + path, $$"""{ "messageId": "{{id}}", "event": "Note Taken", "anonymousId": "a-{{id}}" }""");
                Assert.Equal(kind, (string)(await host.EventAsync(id))!["kind"]!);
            }
    }

    [Fact]
    public async Task What_a_batch_says_of_all_its_messages_counts_where_a_message_is_silent()
    {
        var (silent, outspoken) = (Next(), Next());
        await host.SucceedAsync("/v1/import", $$"""
            { "context": { "page": { "url": "https://shop.test/all" } },
              "batch": [ {{Message(silent)}}, {{With(Message(outspoken), """ "context": { "page": { "url": "https://shop.test/own" } } """)}} ] }
            """);
        Assert.Equal("https://shop.test/all", (string)(await host.EventAsync(silent))!["content"]!["page"]!["url"]!);
        Assert.Equal("https://shop.test/own", (string)(await host.EventAsync(outspoken))!["content"]!["page"]!["url"]!);
    }

    [Fact]
    public async Task The_website_is_that_of_the_key()
    {
        await host.WebsiteAsync("outlet");
        var body = """{ "name": "outlet", "kind": "public", "scopes": [ "collect" ], "website": "outlet" }""";
        var key = (string)(await host.Admin.PostJsonAsync("/v1/keys", body, HttpStatusCode.Created))["key"]!;
        var id = Next();
        await host.SucceedAsync("/v1/t", Message(id), key);
        Assert.Equal("outlet", (string)(await host.EventAsync(id))!["website"]!);
    }

    [Fact]
    public async Task A_secret_key_in_a_body_is_not_kept()
    {
        var key = await host.NewKeyAsync("secret", "collect");
        foreach (var path in (string[])["/v1/i", "/v1/t", "/v1/batch"])
        {
            var id = Next();
            var message = $$"""{ "type": "track", "event": "Note Taken", "messageId": "{{id}}", "userId": "{{id}}", "writeKey": "{{key}}", "timestamp": "2026-06-15T11:00:00Z" }""";
            await host.SucceedAsync(path, path == "/v1/batch" ? $$"""{ "batch": [ {{message}}, { "timestamp": "soon", "writeKey": "{{key}}" } ], "writeKey": "{{key}}" }""" : message, key: null);
            Assert.NotNull(await host.EventAsync(id));
        }

        Assert.Empty(await Erasure.DatabaseSearch.FindAsync(host.Database, key));
    }

    [Fact]
    public async Task A_page_may_ask_first_and_need_not_ask_again_soon()
    {
        foreach (var (path, asked) in new[] { ("/v1/t", "authorization,x-retry-count"), ("/v1/b", "authorization,content-type"), ("/v1/track", "anonymousid,authorization,content-type,rsa-retry-attempt,rsa-retry-reason,rsa-since-first-attempt,rsa-since-last-attempt") })
        {
            using var preflight = await host.Anonymous.SendTextAsync(
                HttpMethod.Options, path, null, headers: [("Origin", "https://www.shop.test"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", asked)]);
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
            Assert.Equal(["https://www.shop.test"], preflight.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.Superset(asked.Split(',').ToHashSet(), preflight.Headers.GetValues("Access-Control-Allow-Headers").SelectMany(v => v.ToLowerInvariant().Split(',')).Select(v => v.Trim()).ToHashSet());
            Assert.Equal(["7200"], preflight.Headers.GetValues("Access-Control-Max-Age"));
        }
    }

    [Fact]
    public async Task A_page_can_read_why_it_was_refused()
    {
        using var refused = await host.SendAsync("/v1/t", "{}", "nobody", ("Origin", "https://www.shop.test"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(["https://www.shop.test"], refused.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Settings_are_told_to_public_keys_that_may_collect()
    {
        var settings = await host.Anonymous.GetJsonAsync($"/v1/projects/{TrackedHost.WriteKey}/settings");
        Assert.Equal(TrackedHost.WriteKey, (string)settings["integrations"]!["Segment.io"]!["apiKey"]!);
        Assert.Null(settings["integrations"]!["Segment.io"]!["apiHost"]);
        var secret = await host.NewKeyAsync("secret", "collect");
        var decide = await host.NewKeyAsync("public", "decide");
        await host.Anonymous.GetJsonAsync("/v1/projects/nobody/settings", HttpStatusCode.Unauthorized);
        await host.Anonymous.GetJsonAsync($"/v1/projects/{secret}/settings", HttpStatusCode.Unauthorized);
        await host.Anonymous.GetJsonAsync($"/v1/projects/{decide}/settings", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Rudder_stacks_tracker_is_told_its_source_and_sends_its_own_shape()
    {
        var source = (await host.Anonymous.GetJsonAsync($"/sourceConfig/?p=npm&v=3.34.1&build=modern&writeKey={TrackedHost.WriteKey}&lockIntegrationsVersion=false"))["source"]!;
        Assert.True((bool)source["enabled"]!);
        Assert.NotNull((string?)source["id"]);
        Assert.IsType<JsonObject>(source["config"]);
        Assert.Empty(source["destinations"]!.AsArray());
        await host.Anonymous.GetJsonAsync("/sourceConfig/?writeKey=nobody", HttpStatusCode.Unauthorized);

        var id = Next();
        await host.SucceedAsync("/v1/page", $$"""
            { "type": "page", "channel": "web", "messageId": "{{id}}", "anonymousId": "r-{{id}}", "originalTimestamp": "2026-06-15T11:59:50.000Z", "sentAt": "2026-06-15T11:59:51.000Z",
              "name": "Sale", "properties": { "url": "https://shop.test/sale", "name": "Sale" }, "context": { "traits": { "email": "{{id}}@shop.test" }, "sessionId": 1 } }
            """);
        var stored = (await host.EventAsync(id))!;
        Assert.Equal("2026-06-15T11:59:50.000Z 2026-06-15T11:59:59.000Z", $"{stored["occurredAt"]} {stored["countsAt"]}");
        Assert.Equal([$"email:{id}@shop.test"], stored["alsoNames"]!.AsArray().Select(name => (string)name!));
    }

    private static string Next() => "m-" + Interlocked.Increment(ref messages);

    private static string Message(string id) =>
        $$"""{ "type": "track", "event": "Note Taken", "messageId": "{{id}}", "anonymousId": "device-of-doors", "timestamp": "2026-06-15T11:00:00.000Z" }""";

    private static string With(string message, string more) => message.TrimEnd()[..^1] + "," + more + "}";

    /// <summary>A message of exactly so many bytes.</summary>
    private static string Sized(string id, int bytes)
    {
        var without = With(Message(id), "\"padding\":\"\"");
        return With(Message(id), $"\"padding\":\"{new string('x', bytes - without.Length)}\"");
    }
}
