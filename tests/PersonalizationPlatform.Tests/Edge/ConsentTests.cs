using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Edge;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>What shoppers choose, and what follows from it.</summary>
public sealed class ConsentTests(EdgeHost host) : IClassFixture<EdgeHost>
{
    /// <summary>A consent string with every bit up to the purposes zero but the version's, and purpose 1 as asked.</summary>
    private static string Tcf(bool purpose1)
    {
        var bytes = new byte[24];
        bytes[0] = 2 << 2;
        bytes[19] = (byte)(purpose1 ? 0x80 : 0x40);
        return Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_') + ".YAAAAAAAAAA";
    }

    public static TheoryData<string, string> Choices => new()
    {
        { """{"standard":"Adobe","version":"1.0","value":{"general":"in"}}""", "in" },
        { """{"standard":"Adobe","version":"1.0","value":{"general":"out"}}""", "out" },
        { """{"standard":"Adobe","version":"2.0","value":{"collect":{"val":"y"},"metadata":{"time":"2026-06-15T12:00:00Z"}}}""", "in" },
        { """{"standard":"Adobe","version":"2.0","value":{"collect":{"val":"n"},"personalize":{"content":{"val":"y"}}}}""", "out" },
        { $$"""{"standard":"IAB TCF","version":"2.0","value":"{{Tcf(true)}}","gdprApplies":true,"gdprContainsPersonalData":false}""", "in" },
        { $$"""{"standard":"IAB TCF","version":"2.0","value":"{{Tcf(false)}}","gdprApplies":true}""", "out" },
        { $$"""{"standard":"IAB TCF","version":"2.0","value":"{{Tcf(false)}}","gdprApplies":false}""", "in" },
        { """{"standard":"IAB TCF","version":"2.0","value":"rubbish","gdprApplies":true}""", "out" },
        { """{"standard":"Adobe","version":"1.0","value":{"general":"out"}},{"standard":"Adobe","version":"2.0","value":{"collect":{"val":"y"}}}""", "out" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task A_choice_is_kept_and_answered_in_whatever_form_it_comes(string consent, string general)
    {
        var ecid = EdgeShop.NewEcid();
        var answer = await host.EdgeJsonAsync("privacy/set-consent", $$"""{"consent":[{{consent}}],{{EdgeShop.Asking}}}""", ecid, headers: EdgeShop.Cookies(ecid));
        Assert.Equal("general=" + general, answer.Stored(EdgeShop.ConsentCookie));
        Assert.Null(answer.Stored(EdgeShop.IdentityCookie));
        Assert.Equal(ecid, answer.Ecid());
        Assert.Equal(general == "in", await host.ValueAsync<bool>("select collect from identity where identity_id = $1", host.IdOf("ECID:" + ecid)));

        // Nothing says so any more but what was stored.
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.Event("commerce.productViews", ecid)), ecid + 2);
        Assert.Equal(general == "in" ? 1 : 0, await host.ValueAsync<long>("select count(*) from event where identity_id = $1 and kind = 'productPageView'", host.IdOf("ECID:" + ecid)));
    }

    [Fact]
    public async Task A_new_visitor_is_given_an_identity_with_the_answer_to_the_first_choice()
    {
        using var answer = await host.EdgeAsync("privacy/set-consent", EdgeShop.Consent("in"), "first-choice");
        var json = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(json.Ecid(), IdentityCookie.ReadEcid(json.Stored(EdgeShop.IdentityCookie)!));
        Assert.Equal(2, answer.Headers.GetValues("Set-Cookie").Count());
        Assert.Contains($"{EdgeShop.ConsentCookie}=general=in; Max-Age=15552000; Path=/; Domain=shop.test; SameSite=None; Secure", answer.Headers.GetValues("Set-Cookie"));
        Assert.Equal(json.ToJsonString(), (await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("in"), "first-choice")).ToJsonString());
    }

    [Fact]
    public async Task Who_opts_out_is_answered_normally_and_nothing_is_stored_until_he_opts_in_again()
    {
        await host.CreateAudienceAsync("known-before", "productPageView", null);
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.Event("commerce.productViews", ecid)), ecid + 0);
        Assert.Single((await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), ecid + 1)).Audiences());

        await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("out"), ecid + 2, headers: EdgeShop.Cookies(ecid));
        var before = await host.CountAsync(ecid);
        foreach (var (cookie, n) in new[] { (EdgeShop.Cookies(ecid, "out"), 3), (EdgeShop.Cookies(ecid), 4) })
        {
            var answer = await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), ecid + n, headers: cookie);
            Assert.Empty(answer.Audiences());
            Assert.NotNull(answer.Handle("personalization:decisions"));
            Assert.Null(answer["warnings"]);
        }

        Assert.Equal(before, await host.CountAsync(ecid));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("in"), ecid + 5, headers: EdgeShop.Cookies(ecid, "out"));
        Assert.Single((await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), ecid + 6, headers: EdgeShop.Cookies(ecid, "in"))).Audiences());
    }

    [Fact]
    public async Task A_browser_that_says_out_is_believed_even_if_nobody_recorded_it()
    {
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), ecid, headers: EdgeShop.Cookies(ecid, "out"));
        var entries = $$$$"""{"events":[{"xdm":{{{{EdgeShop.PageView(ecid)}}}}}],"meta":{"state":{"entries":[{"key":"{{{{EdgeShop.ConsentCookie}}}}","value":"general=out"}]}}}""";
        await host.EdgeJsonAsync("interact", entries, ecid + 2);
        Assert.Equal(0, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task Where_nothing_may_be_stored_without_a_yes_nothing_is()
    {
        await host.CreateDatastreamAsync("asks-first", """, "defaultConsent": "pending" """);
        var ecid = EdgeShop.NewEcid();
        Task<JsonNode> SendAsync(int n, params (string, string)[] headers) =>
            host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), ecid + n, "asks-first", headers);
        Assert.Empty((await SendAsync(1)).Audiences());
        Assert.Equal(0, await host.CountAsync(ecid));
        await SendAsync(2, EdgeShop.Cookies(ecid, "in"));
        Assert.Equal(1, await host.CountAsync(ecid));
        await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("in"), ecid + 3, "asks-first", EdgeShop.Cookies(ecid));
        await SendAsync(4);
        Assert.Equal(3, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task Other_purposes_leave_collection_as_it_was()
    {
        var ecid = EdgeShop.NewEcid();
        const string noMail = """{"consent":[{"standard":"Adobe","version":"2.0","value":{"marketing":{"email":{"val":"n"}}}}]}""";
        Assert.Equal("general=in", (await host.EdgeJsonAsync("privacy/set-consent", noMail, ecid + 1, headers: EdgeShop.Cookies(ecid))).Stored(EdgeShop.ConsentCookie));
        await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("out"), ecid + 2, headers: EdgeShop.Cookies(ecid));
        Assert.Equal("general=out", (await host.EdgeJsonAsync("privacy/set-consent", noMail, ecid + 3, headers: EdgeShop.Cookies(ecid))).Stored(EdgeShop.ConsentCookie));
    }

    [Fact]
    public async Task Privacy_control_takes_sharing_and_targeting_from_a_yes()
    {
        var ecid = EdgeShop.NewEcid();
        var answer = await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("in"), ecid, headers: [EdgeShop.Cookies(ecid), ("Sec-GPC", "1")]);
        Assert.Equal("general=in", answer.Stored(EdgeShop.ConsentCookie));
        var consents = await host.ValueAsync<string>(
            "select string_agg(name || '=' || value, ' ' order by name) from attribute where identity_id = $1 and name like 'consent%'", host.IdOf("ECID:" + ecid));
        Assert.Matches("collect=true .*share=false.*targeting=false", consents);
    }

    [Fact]
    public async Task Apps_name_their_device_beside_the_choice()
    {
        var ecid = EdgeShop.NewEcid();
        var body = $$$$"""{"identityMap":{"ECID":[{"id":"{{{{ecid}}}}"}]},"consent":[{"standard":"Adobe","version":"2.0","value":{"collect":{"val":"n"}}}],"query":{"consent":{"operation":"update"}}}""";
        await host.EdgeJsonAsync("privacy/set-consent", body, ecid);
        Assert.False(await host.ValueAsync<bool>("select collect from identity where identity_id = $1", host.IdOf("ECID:" + ecid)));
    }

    [Fact]
    public async Task One_choice_need_not_stand_in_a_list_and_is_answered_with_the_identity_even_unasked()
    {
        var ecid = EdgeShop.NewEcid();
        var answer = await host.EdgeJsonAsync("privacy/set-consent", """{"consent":{"standard":"Adobe","version":"1.0","value":{"general":"out"}}}""", ecid, headers: EdgeShop.Cookies(ecid));
        Assert.Equal("general=out", answer.Stored(EdgeShop.ConsentCookie));
        Assert.Equal(ecid, answer.Ecid());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"consent":[]}""")]
    [InlineData("""{"consent":"in"}""")]
    [InlineData("""{"consent":[{"standard":"Adobe","version":"1.0","value":{"general":"perhaps"}}]}""")]
    [InlineData("""{"consent":[{"standard":"Adobe","version":"2.0","value":7},null]}""")]
    public async Task What_says_neither_yes_nor_no_is_refused(string body)
    {
        using var answer = await host.EdgeAsync("privacy/set-consent", body);
        Assert.Equal("consent.unreadable", (string)(await answer.JsonAsync(HttpStatusCode.BadRequest))["code"]!);
    }

    [Fact]
    public async Task A_choice_nested_without_end_is_refused_and_not_kept()
    {
        var deep = new StringBuilder("""{"consent":[{"standard":"Adobe","version":"2.0","value":{"collect":{"val":"y"},"a":""");
        deep.Append(new string('[', 5000)).Append(new string(']', 5000)).Append("}}]}");
        using var answer = await host.EdgeAsync("privacy/set-consent", deep.ToString());
        Assert.Equal("event.tooDeep", (string)(await answer.JsonAsync(HttpStatusCode.BadRequest))["code"]!);
    }
}
