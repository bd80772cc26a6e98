using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>What the shop's servers send in Adobe's forms.</summary>
public sealed class ServerFormTests(EdgeHost host) : IClassFixture<EdgeHost>
{
    private const string Interact = "/ee/v2/interact?dataStreamId=" + EdgeShop.ConfigId;
    private const string Collect = "/ee/v2/collect?dataStreamId=" + EdgeShop.ConfigId;

    [Fact]
    public async Task One_event_is_stored_and_a_page_view_answered_with_audiences()
    {
        await host.CreateAudienceAsync("served", "pageView", "served");
        var ecid = EdgeShop.NewEcid();
        var answer = await host.BackOffice.PostJsonAsync(Interact + "&requestId=s-1", $$"""{"event":{"xdm":{{EdgeShop.PageView(ecid)}},"data":{"a":1} } }""");
        Assert.Equal("s-1", (string)answer["requestId"]!);
        Assert.Equal(ecid, answer.Ecid());
        Assert.Equal(["served"], answer.Audiences());
        Assert.Equal(1, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task Several_shoppers_events_stay_apart_and_orders_are_the_shops_word()
    {
        var (one, two) = (EdgeShop.NewEcid(), EdgeShop.NewEcid());
        var order = new JsonObject
        {
            ["eventType"] = "commerce.backofficeOrderPlaced",
            ["identityMap"] = JsonNode.Parse("""{ "CustomerId": [ { "id": "server-1" } ] }"""),
            ["commerce"] = JsonNode.Parse("""{ "order": { "purchaseID": "server-order" } }"""),
        };
        var body = $$"""{"events":[{"xdm":{{EdgeShop.PageView(one)}}},{"xdm":{{EdgeShop.PageView(two)}}},{"xdm":{{order.ToJsonString()}}},7]}""";
        var answer = await host.BackOffice.PostJsonAsync(Collect, body, HttpStatusCode.Accepted);
        Assert.Equal(3, (int)Assert.Single(answer["warnings"]!.AsArray())!["report"]!["eventIndex"]!);
        Assert.Equal((1, 1), (await host.CountAsync(one), await host.CountAsync(two)));
        Assert.Equal((short)1, await host.ValueAsync<short>("select door from event where kind = 'backofficeOrderPlaced'"));
        using var silent = await host.BackOffice.PostTextAsync(Collect + "&silent=true", """{"events":[]}""");
        Assert.Equal(HttpStatusCode.NoContent, silent.StatusCode);
    }

    [Fact]
    public async Task A_person_whom_a_server_names_gets_no_made_up_device_and_nobody_gets_one()
    {
        await host.BackOffice.PostJsonAsync(Interact, """{"event":{"xdm":{"eventType":"called","identityMap":{"CustomerId":[{"id":"without-device"}]}} } }""");
        Assert.Equal(1, await host.ValueAsync<int>("select cardinality(identity_ids) from event where kind = 'called'"));
        var nobody = await host.BackOffice.PostJsonAsync(Interact, """{"event":{"xdm":{"eventType":"rang"}}}""");
        Assert.Equal(1, await host.CountAsync(nobody.Ecid()));
    }

    [Fact]
    public async Task A_shopper_who_opted_out_is_not_collected_about_through_a_server_either()
    {
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("out"), ecid, headers: EdgeShop.Cookies(ecid));
        var answer = await host.BackOffice.PostJsonAsync(Interact, $$"""{"event":{"xdm":{{EdgeShop.PageView(ecid)}} } }""");
        Assert.Empty(answer.Audiences());
        Assert.Equal(0, await host.ValueAsync<long>("select count(*) from event where identity_id = $1 and kind = 'pageView'", host.IdOf("ECID:" + ecid)));
    }

    [Theory]
    [InlineData("CustomerId")]
    [InlineData("email")]
    public async Task A_server_is_answered_for_the_person_it_names_and_not_for_a_made_up_device(string ns)
    {
        await host.CreateAudienceAsync("asked-" + ns.ToLowerInvariant(), "called" + ns, "asked-" + ns);
        var id = ns == "email" ? "asked@example.com" : "asked";
        string Event(string type) => $$$"""{"event":{"xdm":{"eventType":"{{{type}}}","timestamp":"2026-06-15T12:00:00Z","identityMap":{"{{{ns}}}":[{"id":"{{{id}}}","primary":true}]} } } }""";
        await host.BackOffice.PostJsonAsync(Interact, Event("called" + ns));
        var answer = await host.BackOffice.PostJsonAsync("/ee/or2/v2/interact?dataStreamId=" + EdgeShop.ConfigId, Event("web.webpagedetails.pageViews"));
        Assert.Contains("asked-" + ns, answer.Audiences());
        Assert.Null(answer.Handle("identity:result"));
    }

    [Fact]
    public async Task A_server_that_names_nobody_beside_a_first_party_id_speaks_of_that_device()
    {
        var fpids = new[] { Guid.NewGuid(), Guid.NewGuid() };
        string Event(Guid fpid, string type = "passed") => $$$"""{"xdm":{"eventType":"{{{type}}}","identityMap":{"FPID":[{"id":"{{{fpid}}}"}]} } }""";
        await host.BackOffice.PostJsonAsync(Collect, $$"""{"events":[{{Event(fpids[0])}},{{Event(fpids[1])}}]}""", HttpStatusCode.Accepted);
        foreach (var fpid in fpids)
        {
            var named = await host.BackOffice.PostJsonAsync(Interact, $$"""{"event":{{Event(fpid, "returned")}}}""");
            Assert.Equal(2, await host.CountAsync(named.Ecid()));
        }
    }

    [Fact]
    public async Task What_a_shopper_wants_kept_from_us_a_server_does_not_tell_either()
    {
        await host.CreateDatastreamAsync("server-asks-first", """, "defaultConsent": "pending" """);
        const string asking = "/ee/v2/interact?dataStreamId=server-asks-first";
        string Event(string type, string ecid) => $$$"""{"event":{"xdm":{"eventType":"{{{type}}}","identityMap":{"ECID":[{"id":"{{{ecid}}}"}]} } } }""";
        string Saying(string general, string ecid) =>
            Event("web.webpagedetails.pageViews", ecid)[..^1] + $$$""","meta":{"state":{"entries":[{"key":"{{{EdgeShop.ConsentCookie}}}","value":"general={{{general}}}"}]} } }""";
        var (silent, no, yes, asked) = (EdgeShop.NewEcid(), EdgeShop.NewEcid(), EdgeShop.NewEcid(), EdgeShop.NewEcid());
        Assert.Empty((await host.BackOffice.PostJsonAsync(asking, Event("web.webpagedetails.pageViews", silent))).Audiences());
        Assert.Empty((await host.BackOffice.PostJsonAsync(Interact, Saying("out", no))).Audiences());
        await host.BackOffice.PostJsonAsync(asking, Saying("in", yes));
        await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("in"), asked, headers: EdgeShop.Cookies(asked));
        await host.BackOffice.PostJsonAsync(asking, Event("web.webpagedetails.pageViews", asked));
        Assert.Equal((0, 0, 1, 2), (await host.CountAsync(silent), await host.CountAsync(no), await host.CountAsync(yes), await host.CountAsync(asked)));
        // Orders are the shop's own word.
        await host.BackOffice.PostJsonAsync(asking, Event("commerce.backofficeOrderInvoiced", silent));
        Assert.Equal(1, await host.CountAsync(silent));
    }

    [Fact]
    public async Task A_streamed_event_is_stored_and_named_back()
    {
        var answer = await host.BackOffice.PostJsonAsync("/collection/inlet-1?synchronousValidation=true", Message("""
            { "_id": "streamed-1", "timestamp": "2026-06-15T11:00:00Z", "eventType": "commerce.backofficeOrderPlaced",
              "identityMap": { "CustomerId": [ { "id": "streamed" } ] }, "commerce": { "order": { "purchaseID": "streamed-order" } } }
            """));
        Assert.Equal("inlet-1", (string)answer["inletId"]!);
        Assert.Equal("pass", (string)answer["syncValidation"]!["status"]!);
        Assert.Equal(PlatformHost.Start.ToUnixTimeMilliseconds(), (long)answer["receivedTimeMs"]!);
        Assert.NotEmpty((string)answer["xactionId"]!);
        Assert.Equal((short)1, await host.ValueAsync<short>("select door from event where id = 'streamed-1'"));
        Assert.Null((await host.BackOffice.PostJsonAsync("/collection/inlet-1", Message("""{ "timestamp": "2026-06-15T11:00:00Z", "eventType": "x" }""")))["syncValidation"]);
    }

    [Fact]
    public async Task A_streamed_batch_is_answered_message_by_message()
    {
        var profile = """{ "identityMap": { "CustomerId": [ { "id": "streamed-person" } ] }, "person": { "name": { "firstName": "Ann" } } }""";
        var named = Message("""{ "_id": "r-1", "timestamp": "2026-06-15T11:00:00Z", "identityMap": { "CustomerId": [ { "id": "streamed-person" } ] }, "person": { "name": { "lastName": "Lee" } } }""",
            "https://ns.adobe.com/xdm/context/profile");
        var messages = new[] { Message(profile), "7", Message("""{ "timestamp": "soon", "eventType": "x" }"""), named, "{}" };
        using var sent = await host.BackOffice.PostTextAsync("/collection/batch/inlet-2", $$"""{"messages":[{{string.Join(',', messages)}}]}""");
        var answer = await sent.JsonAsync(HttpStatusCode.MultiStatus);
        Assert.Equal([false, true, true, false, true], answer["responses"]!.AsArray().Select(message => (int?)message!["statusCode"] == 400));
        Assert.StartsWith("time.invalid:", (string)answer["responses"]![2]!["message"]!, StringComparison.Ordinal);
        Assert.NotEmpty((string)answer["responses"]![0]!["xactionId"]!);
        Assert.NotEmpty((string)answer["batchId"]!);
        var person = (await host.Admin.GetJsonAsync("/v1/profiles/CustomerId/streamed-person")).ToJsonString();
        Assert.Contains("Ann", person, StringComparison.Ordinal);
        Assert.Contains("Lee", person, StringComparison.Ordinal);
        using var good = await host.BackOffice.PostTextAsync("/collection/batch/inlet-2", $$"""{"messages":[{{Message(profile)}}]}""");
        await good.JsonAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{}", "message.noEntity")]
    [InlineData("""{"body":{"xdmEntity":[]}}""", "message.noEntity")]
    [InlineData("""{"body":{"xdmEntity":{"eventType":"x","timestamp":"never"}}}""", "time.invalid")]
    [InlineData("[]", "request.notJson")]
    public async Task A_streamed_message_that_cannot_be_stored_is_refused(string body, string code) =>
        Assert.Equal(code, (string)(await host.BackOffice.PostJsonAsync("/collection/inlet-3", body, HttpStatusCode.BadRequest))["code"]!);

    [Theory]
    [InlineData(Interact)]
    [InlineData(Collect)]
    [InlineData("/collection/inlet-4")]
    [InlineData("/collection/batch/inlet-4")]
    public async Task Servers_need_a_secret_key_in_either_header(string path)
    {
        await host.Anonymous.PostJsonAsync(path, "{}", HttpStatusCode.Unauthorized);
        await host.Browser.PostJsonAsync(path, "{}", HttpStatusCode.Forbidden);
        var secret = await host.NewKeyAsync("secret", "collect");
        using var answer = await host.Anonymous.SendTextAsync(HttpMethod.Post, path, "{}", headers: ("x-api-key", secret));
        Assert.NotEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        // As Adobe's clients come: with a token of Adobe's.
        using var both = await host.Anonymous.SendTextAsync(HttpMethod.Post, path, "{}", headers: [("Authorization", "Bearer " + new string('e', 1500)), ("x-api-key", secret)]);
        Assert.NotEqual(HttpStatusCode.Unauthorized, both.StatusCode);
        using var wrong = await host.Anonymous.SendTextAsync(HttpMethod.Post, path, "{}", headers: ("x-api-key", secret + "x"));
        await wrong.JsonAsync(HttpStatusCode.Unauthorized);
    }

    private static string Message(string entity, string schema = "https://ns.adobe.com/shop/schemas/7") => $$$$"""
        {"header":{"schemaRef":{"id":"{{{{schema}}}}","contentType":"application/vnd.adobe.xed-full+json;version=1"},"imsOrgId":"A@AdobeOrg","datasetId":"d"},
         "body":{"xdmMeta":{"schemaRef":{"id":"{{{{schema}}}}"}},"xdmEntity":{{{{entity}}}} } }
        """;
}
