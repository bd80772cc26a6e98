using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Edge;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Definitions;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>What a page sends, what it is answered, and what is stored of it.</summary>
public sealed class InteractTests(EdgeHost host) : IClassFixture<EdgeHost>
{
    [Fact]
    public async Task The_same_request_again_mints_the_same_device_and_stores_nothing_twice()
    {
        var body = EdgeShop.Events(EdgeShop.PageView(), EdgeShop.Event("commerce.productViews"));
        var first = await host.EdgeJsonAsync("interact", body, "again");
        var second = await host.EdgeJsonAsync("interact", body, "again");
        Assert.Equal(first.Ecid(), second.Ecid());
        Assert.Equal(first.Ecid(), IdentityCookie.ReadEcid(first.Stored(EdgeShop.IdentityCookie)!));
        Assert.Equal(2, await host.CountAsync(first.Ecid()));
        var other = await host.EdgeJsonAsync("interact", body, "another");
        Assert.NotEqual(first.Ecid(), other.Ecid());
    }

    [Fact]
    public async Task An_event_with_an_id_is_known_in_another_request_and_one_without_is_not()
    {
        var ecid = EdgeShop.NewEcid();
        foreach (var requestId in new[] { "one", "two" })
            await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid, "known-" + ecid), EdgeShop.Event("commerce.productViews", ecid)), ecid + requestId);
        Assert.Equal(3, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task The_answer_to_a_page_view_names_the_audiences_that_this_very_page_view_caused()
    {
        await host.CreateAudienceAsync("lookers", "pageView", "lookers-in-commerce");
        var viewers = await host.CreateAudienceAsync("viewers", "productPageView", null);
        var ecid = EdgeShop.NewEcid();

        var other = await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.Event("commerce.productViews", ecid)), ecid + 1);
        Assert.Null(other.Handle("activation:pull"));
        var answer = await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), ecid + 2);
        Assert.Equal(["lookers-in-commerce", viewers], answer.Audiences());
        var pull = answer.Handle("activation:pull")!;
        Assert.Equal(0, (int)pull["eventIndex"]!);
        Assert.Equal("""{"type":"profileLookup","alias":"commerce"}""", new JsonObject { ["type"] = pull["payload"]![0]!["type"]!.DeepClone(), ["alias"] = pull["payload"]![0]!["alias"]!.DeepClone() }.ToJsonString());
        Assert.Equal("ups", (string)pull["payload"]![0]!["segments"]![0]!["namespace"]!);

        // The shopper need not have been named by the event: the cookie does.
        var byCookie = await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView()), ecid + 3, headers: EdgeShop.Cookies(ecid));
        Assert.Equal(answer.Audiences(), byCookie.Audiences());
        // A page view that cannot be stored, and one by its marker alone, are page views.
        var refused = await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid, at: PlatformHost.Start.AddDays(3))), ecid + 4);
        Assert.Equal(answer.Audiences(), refused.Audiences());
        var marked = await host.EdgeJsonAsync("interact", EdgeShop.Events("""{"web":{"webPageDetails":{"pageViews":{"value":1}}}}"""), ecid + 5, headers: EdgeShop.Cookies(ecid));
        Assert.Equal(answer.Audiences(), marked.Audiences());
    }

    [Fact]
    public async Task Of_several_events_the_page_view_is_answered_and_bad_ones_become_warnings()
    {
        var ecid = EdgeShop.NewEcid();
        var body = $$$"""{"events":[{"xdm":{{{EdgeShop.Event("commerce.productViews", ecid)}}}}, 7, {"xdm":{{{EdgeShop.PageView(ecid)}}}}, {"xdm":{"eventType":"commerce.backofficeOrderPlaced"}}]}""";
        var answer = await host.EdgeJsonAsync("interact", body, ecid);
        Assert.Equal(2, (int)answer.Handle("activation:pull")!["eventIndex"]!);
        Assert.Null(answer.Handle("identity:result"));
        Assert.Equal([(1, "urn:problem:event.notAnObject"), (3, "urn:problem:event.needsSecretKey")],
            answer["warnings"]!.AsArray().Select(warning => ((int)warning!["report"]!["eventIndex"]!, (string)warning["type"]!)));
        Assert.Equal(2, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task A_request_without_events_and_one_with_something_else_in_their_place_are_answered()
    {
        foreach (var body in new[] { "{}", """{"events":[]}""", """{"events":{"a":1}}""", """{"events":null,"meta":7,"query":"x"}""" })
            Assert.NotEmpty((await host.EdgeJsonAsync("interact", body))["handle"]!.AsArray());
    }

    [Fact]
    public async Task One_event_need_not_stand_in_a_list()
    {
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("interact", $$$"""{"events":{"xdm":{{{EdgeShop.PageView(ecid)}}}}}""", ecid);
        Assert.Equal(1, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task Data_beside_the_xdm_is_kept_with_it()
    {
        var ecid = EdgeShop.NewEcid();
        var with = $$$"""{"xdm":{{{EdgeShop.Event("commerce.productViews", ecid)}}},"data":{"colour":"blue"}}""";
        await host.EdgeJsonAsync("interact", $$$"""{"events":[{{{with}}},{"data":{"size":"L"}}]}""", ecid, headers: EdgeShop.Cookies(ecid));
        Assert.Equal("blue", await host.ValueAsync<string>("select body->'data'->>'colour' from event where identity_id = $1 and kind = 'productPageView'", host.IdOf("ECID:" + ecid)));
        Assert.Equal("L", await host.ValueAsync<string>("select body->'data'->>'size' from event where identity_id = $1 and kind = 'custom'", host.IdOf("ECID:" + ecid)));
    }

    [Fact]
    public async Task The_device_is_what_the_event_says_else_the_cookie_else_the_entries_else_older_cookies()
    {
        var (named, cookie, entry, older) = (EdgeShop.NewEcid(), EdgeShop.NewEcid(), EdgeShop.NewEcid(), EdgeShop.NewEcid());
        var entries = $$$"""{"meta":{"state":{"entries":[{"key":"{{{EdgeShop.IdentityCookie}}}","value":"{{{new IdentityCookie(entry, PlatformHost.Start, false, "LOC1").Write()}}}"}]}},"query":{"identity":{"fetch":["ECID"]}}""";
        var amcv = ("Cookie", $"AMCV_DEDB2A52641B1D460A495F8E%40AdobeOrg=179643557%7CMCIDTS%7C20000%7CMCMID%7C{older}%7CMCAID%7CNONE");
        Assert.Equal(named, (await host.EdgeJsonAsync("interact", entries + $$""","events":[{"xdm":{{EdgeShop.PageView(named)}}}]}""", headers: EdgeShop.Cookies(cookie))).Ecid());
        Assert.Equal(cookie, (await host.EdgeJsonAsync("identity/acquire", entries + "}", headers: EdgeShop.Cookies(cookie))).Ecid());
        Assert.Equal(entry, (await host.EdgeJsonAsync("identity/acquire", entries + "}", headers: amcv)).Ecid());
        var migrated = await host.EdgeJsonAsync("identity/acquire", "{}", headers: amcv);
        Assert.Equal(older, migrated.Ecid());
        Assert.Equal(older, IdentityCookie.ReadEcid(migrated.Stored(EdgeShop.IdentityCookie)!));
        Assert.Null((await host.EdgeJsonAsync("identity/acquire", "{}", headers: EdgeShop.Cookies(cookie))).Handle("state:store"));
    }

    [Fact]
    public async Task A_first_party_id_always_gives_the_same_device_and_must_be_a_random_uuid()
    {
        var fpid = Guid.NewGuid();
        string Body(string id) => $$$$"""{"events":[{"xdm":{"identityMap":{"FPID":[{"id":"{{{{id}}}}"}]}}}],"query":{"identity":{"fetch":["ECID"]}}}""";
        var first = (await host.EdgeJsonAsync("interact", Body(fpid.ToString()), "fpid-1")).Ecid();
        Assert.Equal(first, (await host.EdgeJsonAsync("interact", Body(fpid.ToString().ToUpperInvariant()), "fpid-2")).Ecid());
        Assert.NotEqual(first, (await host.EdgeJsonAsync("interact", Body("7"), "fpid-3")).Ecid());
        Assert.NotEqual((await host.EdgeJsonAsync("interact", Body("7"), "fpid-4")).Ecid(), (await host.EdgeJsonAsync("interact", Body("7"), "fpid-5")).Ecid());
    }

    [Fact]
    public async Task Zeros_are_nobody()
    {
        const string zeros = "000000000000000000000000000000000000";
        var first = await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(zeros)), "zeros-1");
        var second = await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(zeros)), "zeros-2");
        Assert.NotEqual(first.Ecid(), second.Ecid());
        Assert.Equal((1, 1), (await host.CountAsync(first.Ecid()), await host.CountAsync(second.Ecid())));
        Assert.Equal(0, await host.ValueAsync<long>("select count(*) from identity where value = $1", zeros));
    }

    [Theory]
    [InlineData("{\"meta\":{\"state\":{\"entries\":[1,null,{\"key\":7},{\"key\":\"kndctr_X_identity\",\"value\":{}},{\"key\":\"kndctr_\\ud800_identity\",\"value\":\"\\ud800\"}]}}}")]
    [InlineData("{\"meta\":{\"state\":{\"entries\":[{\"key\":\"kndctr_X\\r\\nSet-Cookie: a=b_AdobeOrg_identity\",\"value\":\"x\"},{\"key\":\"kndctr_DEDB2A52641B1D460A495F8E_AdobeOrg_identity\",\"value\":\"%%%\"}]}}}")]
    [InlineData("{\"meta\":{\"queueTimeMillis\":1e999,\"state\":{\"domain\":\"shop.test; Secure; x=\"}},\"identityMap\":[7],\"xdm\":{\"identityMap\":{\"ECID\":[null,{\"id\":[]}]}}}")]
    [InlineData("{\"query\":{\"identity\":{\"fetch\":\"ECID\"}},\"events\":[{\"xdm\":[]},{\"xdm\":{\"eventType\":7,\"identityMap\":7}},null]}")]
    public async Task Hostile_state_is_not_believed_and_does_no_harm(string body)
    {
        using var answer = await host.EdgeAsync("interact", body, "hostile", headers: ("Cookie", "kndctr_=; =x; kndctr_a_b=c; ;;; kndctr_DEDB2A52641B1D460A495F8E_AdobeOrg_identity=____"));
        var json = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.True(Ecid.IsValid(IdentityCookie.ReadEcid((string)json.Handle("state:store")!["payload"]![0]!["value"]!)));
        Assert.All(answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [], cookie => Assert.DoesNotContain("x=", cookie, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5, 0, 5)] // On time.
    [InlineData(200, 0, 200)] // Within what is tolerated.
    [InlineData(3600, 1000, 1)] // An hour slow.
    [InlineData(-3600, 1000, 1)] // An hour fast.
    [InlineData(7200, 240_000, 240)] // It waited for four minutes.
    [InlineData(7200, 999_999_999, 300)] // No client waits longer than it may say.
    [InlineData(90_000, 0, 90_000)] // More than a day wrong is not corrected.
    [InlineData(3600, null, 3600)] // Who does not say how long it waited is believed.
    public async Task A_clock_that_is_wrong_is_corrected_by_how_long_the_event_waited(int sentSecondsAgo, int? queueMillis, int countsSecondsAgo)
    {
        var ecid = EdgeShop.NewEcid();
        var sent = PlatformHost.Start.AddSeconds(-sentSecondsAgo);
        var meta = queueMillis is null ? "{}" : $$"""{"queueTimeMillis":{{queueMillis}}}""";
        await host.EdgeJsonAsync("interact", $$"""{"events":[{"xdm":{{EdgeShop.Event("commerce.productViews", ecid, at: sent)}}}],"meta":{{meta}}}""", ecid);
        Assert.Equal(sent.UtcDateTime, await host.ValueAsync<DateTime>("select occurred_at from event where identity_id = $1", host.IdOf("ECID:" + ecid)));
        Assert.Equal(PlatformHost.Start.AddSeconds(-countsSecondsAgo).UtcDateTime, await host.ValueAsync<DateTime>("select counts_at from event where identity_id = $1", host.IdOf("ECID:" + ecid)));
    }

    [Fact]
    public async Task Apps_name_the_device_once_for_all_events_and_read_the_answer_by_lines()
    {
        var ecid = EdgeShop.NewEcid();
        var body = $$$$$"""
            {"xdm":{"identityMap":{"ECID":[{"id":"{{{{{ecid}}}}}","authenticatedState":"ambiguous","primary":false}]},"implementationDetails":{"name":"app"}},
             "events":[{"xdm":{{{{{EdgeShop.PageView()}}}}}},{"xdm":{{{{{EdgeShop.Event("commerce.productViews")}}}}}}],
             "meta":{"konductorConfig":{"streaming":{"enabled":true,"recordSeparator":"\u0000","lineFeed":"\n"}}}}
            """;
        using var answer = await host.EdgeAsync("interact", body, ecid, headers: ("Accept", "text/html"));
        Assert.DoesNotContain('\n', await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(2, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task A_beacon_is_stored_and_answered_with_nothing()
    {
        var ecid = EdgeShop.NewEcid();
        using var answer = await host.EdgeAsync("collect", EdgeShop.Events(EdgeShop.Event("web.webinteraction.linkClicks", ecid)), ecid, headers: ("Sec-Fetch-Mode", "no-cors"));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(1, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task Bodies_may_be_64_kilobytes_and_zipped_and_have_a_limit()
    {
        var ecid = EdgeShop.NewEcid();
        string Filled(int bytes) => EdgeShop.Events(EdgeShop.Event("commerce.productViews", ecid), $$"""{"eventType":"other","filling":"{{new string('x', bytes)}}"}""");
        await host.EdgeJsonAsync("interact", Filled(64_000), "large");
        using (var zipped = new MemoryStream())
        {
            await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(Encoding.UTF8.GetBytes(Filled(1000)));
            foreach (var says in new[] { true, false })
            {
                using var content = new ByteArrayContent(zipped.ToArray());
                if (says)
                    content.Headers.ContentEncoding.Add("gzip");
                content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
                using var answer = await host.Anonymous.PostAsync(new Uri($"https://edge.shop.test/ee/v1/interact?configId={EdgeShop.ConfigId}&requestId=zipped-{says}"), content, TestContext.Current.CancellationToken);
                await answer.JsonAsync(HttpStatusCode.OK);
            }
        }

        Assert.Equal(3, await host.ValueAsync<long>("select count(*) from event where identity_id = $1 and kind = 'productPageView'", host.IdOf("ECID:" + ecid)));
        using var tooLarge = await host.EdgeAsync("interact", Filled(1_100_000));
        Assert.Equal("body.tooLarge", (string)(await tooLarge.JsonAsync(HttpStatusCode.RequestEntityTooLarge))["code"]!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{\"events\":[")]
    [InlineData("{} {}")]
    public async Task What_is_not_json_is_refused_in_a_way_the_page_can_read(string body)
    {
        using var answer = await host.EdgeAsync("interact", body, "not-json");
        Assert.Equal("request.notJson", (string)(await answer.JsonAsync(HttpStatusCode.BadRequest))["code"]!);
        Assert.Equal([EdgeShop.Origin], answer.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["not-json"], answer.Headers.GetValues("X-Request-ID"));
        var report = (await answer.JsonAsync(HttpStatusCode.BadRequest))["report"]!;
        Assert.Equal(("not-json", EdgeShop.ConfigId), ((string?)report["requestId"], (string?)report["configId"]));
    }

    [Fact]
    public async Task Depth_without_end_is_one_warning()
    {
        var deep = new string('[', 50_000) + new string(']', 50_000);
        var answer = await host.EdgeJsonAsync("interact", $$$"""{"events":[{"xdm":{"a":{{{deep}}}}}],"junk":{{{deep}}}}""", "deep");
        Assert.Contains((string)answer["warnings"]![0]!["type"]!, new[] { "urn:problem:event.tooDeep", "urn:problem:event.tooLarge" });
    }

    [Fact]
    public async Task Pages_of_any_origin_may_read_the_answer_and_a_preflight_is_answered()
    {
        using var answer = await host.EdgeAsync("interact", "{}", headers: ("Origin", "https://m.shop.test:8443"));
        Assert.Equal(["https://m.shop.test:8443"], answer.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["true"], answer.Headers.GetValues("Access-Control-Allow-Credentials"));
        Assert.Contains("Origin", answer.Headers.Vary);
        Assert.Equal("Retry-After, X-Adobe-Edge, X-Request-ID", string.Join(", ", answer.Headers.GetValues("Access-Control-Expose-Headers").SelectMany(value => value.Split(',')).Select(value => value.Trim())));

        using var preflight = await host.Anonymous.SendTextAsync(HttpMethod.Options, "/ee/or2/v1/interact", null, headers:
            [("Origin", EdgeShop.Origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type")]);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal([EdgeShop.Origin], preflight.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["content-type"], preflight.Headers.GetValues("Access-Control-Allow-Headers"));
        using var plain = await host.Anonymous.SendTextAsync(HttpMethod.Options, "/ee/v1/collect", null);
        Assert.Equal(HttpStatusCode.NoContent, plain.StatusCode);
        // The service's own API has its own rule.
        using var own = await host.Anonymous.SendTextAsync(HttpMethod.Options, "/v1/keys", null, headers: [("Origin", EdgeShop.Origin), ("Access-Control-Request-Method", "POST")]);
        Assert.False(own.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Cookies_are_also_set_by_header_where_the_host_is_on_the_pages_domain()
    {
        var body = EdgeShop.Events(EdgeShop.PageView());
        using var sameSite = await host.EdgeAsync("interact", body, headers: ("Sec-Fetch-Site", "same-site"));
        var cookie = Assert.Single(sameSite.Headers.GetValues("Set-Cookie"));
        Assert.Matches($"^{EdgeShop.IdentityCookie}=[A-Za-z0-9_-]+; Max-Age=34128000; Path=/; Domain=shop.test; SameSite=None; Secure$", cookie);
        using var crossSite = await host.EdgeAsync("interact", body, headers: ("Sec-Fetch-Site", "cross-site"));
        Assert.False(crossSite.Headers.Contains("Set-Cookie"));
        using var elsewhere = await host.EdgeAsync("interact", body.Replace("shop.test", "other.test", StringComparison.Ordinal), headers: ("Sec-Fetch-Site", "same-site"));
        Assert.False(elsewhere.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_returning_visitors_cookie_is_written_anew_once_a_day_and_not_for_who_opted_out()
    {
        var ecid = EdgeShop.NewEcid();
        (string, string) Cookies(DateTimeOffset written, string consent) => ("Cookie", $"{EdgeShop.IdentityCookie}={new IdentityCookie(ecid, written, true, "LOC1").Write()}; {EdgeShop.ConsentCookie}=general={consent}");
        var yesterday = host.Clock.GetUtcNow().AddDays(-1).AddMilliseconds(-1);
        var renewed = (await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView()), ecid + 1, headers: Cookies(yesterday, "in"))).Stored(EdgeShop.IdentityCookie)!;
        Assert.Equal(ecid, IdentityCookie.ReadEcid(renewed));
        Assert.Null((await host.EdgeJsonAsync("interact", "{}", headers: ("Cookie", $"{EdgeShop.IdentityCookie}={renewed}"))).Handle("state:store"));
        Assert.Null((await host.EdgeJsonAsync("interact", "{}", headers: Cookies(yesterday, "out"))).Handle("state:store"));
    }

    [Fact]
    public async Task A_browser_with_privacy_control_is_collected_about_and_not_targeted()
    {
        var audience = await host.CreateAudienceAsync("controlled", "pageView", null);
        var ecid = EdgeShop.NewEcid();
        var answer = await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), ecid, headers: ("Sec-GPC", "1"));
        Assert.Empty(answer.Audiences());
        Assert.Equal(1, await host.CountAsync(ecid));
        Assert.Contains(audience, (await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), ecid + 2)).Audiences());
        // The other tests of this class say which audiences they expect.
        await host.SendAsync(HttpMethod.Delete, "audiences/" + audience, null);
    }

    [Fact]
    public async Task An_event_that_signs_in_joins_what_the_device_did_to_the_person()
    {
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.Event("commerce.productViews")), ecid + 1, headers: EdgeShop.Cookies(ecid));
        var login = new JsonObject { ["eventType"] = "userAccount.login", ["person"] = new JsonObject { ["accountID"] = "c-" + ecid }, ["timestamp"] = "2026-06-15T12:00:00Z" };
        await host.EdgeJsonAsync("interact", EdgeShop.Events(login.ToJsonString()), ecid + 2, headers: EdgeShop.Cookies(ecid));
        var profile = await host.Admin.GetJsonAsync($"/v1/profiles/CustomerId/c-{ecid}");
        Assert.Contains(ecid, profile.ToJsonString(), StringComparison.Ordinal);
    }
}
