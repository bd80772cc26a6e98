using System.Net;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Stories;

/// <summary>How what is known under an e-mail and under a CustomerId becomes one person, and when it does not.</summary>
public sealed class PersonStories(PlatformServer server) : StoryTest(new PlatformHost(server))
{
    [Fact]
    public async Task An_order_of_a_device_named_by_the_back_office_and_cancelled_under_an_e_mail_is_one_persons()
    {
        await Story.SegmentAsync("ordered", Ordered);
        await Story.SegmentAsync("cancelled", Cancelled);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Order(Purchase, "ECID:phone", "100", 50));
        Assert.Equal("100 pending 50", await Story.OrdersAsync("ECID:phone"));
        Assert.Equal("ordered", await Story.SegmentsAsync("ECID:phone"));

        Story.Later("PT1M");
        await Story.BackOfficeAsync(Story.Order(Placed, "CustomerId:ann", "100", 55));
        Assert.Equal("100 pending 55", await Story.OrdersAsync("CustomerId:ann"));
        Assert.Equal("", await Story.OrdersAsync("ECID:phone"));
        Assert.Equal("ordered", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("", await Story.SegmentsAsync("ECID:phone"));

        Story.Later("PT1M");
        await Story.BackOfficeAsync(Story.Order(OrderCancelled, "email:ann", "100"));
        Assert.Equal("100 canceled 55", await Story.OrdersAsync("email:ann"));
        Assert.Equal("", await Story.OrdersAsync("CustomerId:ann"));
        Assert.Equal("cancelled ordered", await Story.SegmentsAsync("email:ann"));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:ann"));

        Story.Later("PT1M");
        await Story.RecordAsync(Story.Record("CustomerId:ann email:ann"));
        Assert.Equal("100 canceled 55", await Story.OrdersAsync("CustomerId:ann"));
        Assert.Equal("cancelled ordered", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("cancelled ordered", await Story.SegmentsAsync("email:ann"));
        Assert.Equal("", await Story.OrdersAsync("ECID:phone"));
        // A storefront that speaks of the order again does not move it.
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Order(Purchase, "ECID:other", "100", 1));
        Assert.Equal("100 canceled 55", await Story.OrdersAsync("CustomerId:ann"));
        Assert.Equal("", await Story.OrdersAsync("ECID:other"));
        await Story.RefreshAsync();
        var members = await Host.Admin.GetJsonAsync($"/v1/segments/{Story.Own("ordered")}/members");
        Assert.Equal(1, (int)members["count"]!);
        Assert.Equal(await Story.ProfileIdAsync("CustomerId:ann"), (Guid)members["items"]![0]!["profile"]!);
    }

    [Fact]
    public async Task An_order_taken_back_from_an_earlier_owner_of_a_device_makes_him_stale()
    {
        await Story.SegmentAsync("cancelled", Cancelled);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:pc CustomerId:ann"), Story.Order(Purchase, "ECID:pc", "7", 10, Story.Now.AddSeconds(1)));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:pc CustomerId:ben"));
        Assert.Equal("7 pending 10", await Story.OrdersAsync("CustomerId:ann"));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:ann"));
        Story.Later("PT1M");
        await Story.BackOfficeAsync(Story.Order(OrderCancelled, "ECID:pc", "7"));
        Assert.Equal("7 canceled 10", await Story.OrdersAsync("CustomerId:ben"));
        Assert.Equal("cancelled", await Story.SegmentsAsync("CustomerId:ben"));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:ann"));

        await Story.BrowseAsync(Story.Order(Purchase, "ECID:pc", "8", 10, Story.Now));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:pc CustomerId:cem"));
        Assert.Equal("cancelled", await Story.SegmentsAsync("CustomerId:ben"));
        await Story.RefreshAsync();
        Assert.Equal("cancelled", await Story.SegmentsAsync("CustomerId:ben"));
        Story.Later("PT1M");
        await Story.BackOfficeAsync(Story.Order(OrderCancelled, "ECID:pc", "7"));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:ben"));
        Assert.Equal("cancelled", await Story.SegmentsAsync("CustomerId:cem"));
    }

    [Fact]
    public async Task A_visitor_who_becomes_a_customer_neither_leaves_nor_enters_twice()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.SegmentAsync("visiting", AddedToCart, "visitors");
        await Story.SegmentAsync("registered", AddedToCart, "registered");
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone"));
        Assert.Equal("cart visiting", await Story.SegmentsAsync("ECID:phone"));
        await Story.RefreshAsync();
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event("userAccount.createProfile", "ECID:phone CustomerId:ann email:ann"));
        Assert.Equal("cart registered", await Story.SegmentsAsync("ECID:phone"));
        await Story.RefreshAsync();
        Assert.Equal(["entered cart link@2+1", "entered registered link@2"], (await Story.HistoryAsync("CustomerId:ann")).Order(StringComparer.Ordinal));
        var cart = Assert.Single(await Story.SegmentRowsAsync("CustomerId:ann"), row => row["key"]!.ToString() == Story.Own("cart"));
        Assert.Equal(Story.Start.AddMinutes(1), (DateTimeOffset)cart["since"]!);
        Assert.Equal(
            ["entered cart event@1", "entered cart link@2+1", "entered registered link@2", "entered visiting event@1", "left cart link@2", "left visiting link@2"],
            (await Story.FeedAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_person_known_by_e_mail_gets_the_customers_profile_when_the_two_are_named_together()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.SegmentAsync("vip", Vip);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:pc email:ann", id: "in"), Story.Event(Add, "ECID:pc", Story.Now.AddSeconds(1), "add"));
        var byEmail = await Story.ProfileIdAsync("email:ann");
        Assert.Equal(byEmail, await Story.ProfileIdAsync("ECID:pc"));
        Assert.Equal("cart", await Story.SegmentsAsync("email:ann"));
        Assert.False((bool)(await Story.ProfileAsync("email:ann"))["registered"]!);
        Story.Later("PT1M");
        await Story.RecordAsync(Story.Record("CustomerId:ann", """{ "group": "vip" }"""));
        var byCustomer = await Story.ProfileIdAsync("CustomerId:ann");
        Assert.NotEqual(byEmail, byCustomer);
        Assert.Equal("vip", await Story.SegmentsAsync("CustomerId:ann"));
        Story.Later("PT1M");
        await Story.RecordAsync(Story.Record("CustomerId:ann email:ann"));
        Assert.Equal(byCustomer, await Story.ProfileIdAsync("email:ann"));
        Assert.Equal(byCustomer, await Story.ProfileIdAsync("ECID:pc"));
        Assert.Equal("cart vip", await Story.SegmentsAsync("email:ann"));
        Assert.Equal("in add", (await Story.TimelineAsync("CustomerId:ann")).Replace(" profileRecord", ""));
        Assert.Contains(await Story.HistoryAsync("CustomerId:ann"), line => line.StartsWith("entered cart link@3+1", StringComparison.Ordinal));
        await Story.RefreshAsync();
        Assert.Contains(await Story.FeedAsync(), line => line.StartsWith("left cart link@3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_storefront_does_not_join_two_persons_whom_the_back_office_knows()
    {
        await Story.RecordAsync(Story.Record("CustomerId:ann", """{ "group": "vip" }"""), Story.Record("email:ben", """{ "group": "retail" }"""));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:forger CustomerId:ann email:ben"));
        Assert.NotEqual(await Story.ProfileIdAsync("CustomerId:ann"), await Story.ProfileIdAsync("email:ben"));
        Assert.Equal("vip", (string)(await Story.ProfileAsync("CustomerId:ann"))["attributes"]!["group"]!["value"]!);
        Assert.Equal("retail", (string)(await Story.ProfileAsync("email:ben"))["attributes"]!["group"]!["value"]!);
        // The device's interval moves, which is all that a browser can do.
        Assert.Equal(await Story.ProfileIdAsync("CustomerId:ann"), await Story.ProfileIdAsync("ECID:forger"));
    }

    [Fact]
    public async Task A_weak_link_holds_until_another_customer_claims_the_e_mail_or_the_back_office_names_one()
    {
        await Story.BrowseAsync(Story.Event(Login, "ECID:a CustomerId:ann email:shared"));
        Assert.Equal(await Story.ProfileIdAsync("CustomerId:ann"), await Story.ProfileIdAsync("email:shared"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:b CustomerId:ben email:shared"));
        Assert.NotEqual(await Story.ProfileIdAsync("CustomerId:ann"), await Story.ProfileIdAsync("email:shared"));
        Assert.NotEqual(await Story.ProfileIdAsync("CustomerId:ben"), await Story.ProfileIdAsync("email:shared"));
        Story.Later("PT1M");
        await Story.RecordAsync(Story.Record("CustomerId:ben email:shared"));
        Assert.Equal(await Story.ProfileIdAsync("CustomerId:ben"), await Story.ProfileIdAsync("email:shared"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:a CustomerId:ann email:shared"));
        Assert.Equal(await Story.ProfileIdAsync("CustomerId:ben"), await Story.ProfileIdAsync("email:shared"));
    }

    [Fact]
    public async Task Of_a_device_and_a_person_named_together_in_a_question_the_person_answers()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.SegmentAsync("vip", Vip);
        await Story.BrowseAsync(Story.Event(Add, "ECID:someones"));
        await Story.RecordAsync(Story.Record("CustomerId:ann", """{ "group": "vip" }"""));
        var reader = (PersonalizationPlatform.Segments.Membership.ShopperReader)Host.Services.GetService(typeof(PersonalizationPlatform.Segments.Membership.ShopperReader))!;
        var identities = new[] { "ECID:someones", "CustomerId:ann" }.Select(text =>
        {
            var (ns, id) = Story.Identity(text);
            Assert.True(Vocabulary.Identity.TryCreate(ns, id, out var identity));
            return identity;
        }).ToList();
        var view = await reader.ReadAsync(identities, TestContext.Current.CancellationToken);
        Assert.Equal(await Story.ProfileIdAsync("CustomerId:ann"), view.Profile!.Value.Value);
    }

    [Fact]
    public async Task Somebody_never_seen_is_in_what_visitors_without_history_match_and_nothing_is_written()
    {
        await Story.SegmentAsync("idle", """{ "type": "group", "match": "none", "of": [ { "type": "happened", "event": "addToCart" } ] }""");
        await Story.SegmentAsync("members", null, "registered");
        await Story.SegmentAsync("cart", AddedToCart);
        Assert.Equal("idle", await Story.SegmentsAsync("ECID:nobody"));
        Assert.Equal("idle", await Story.SegmentsAsync("CustomerId:nobody"));
        Assert.Empty(await Story.HistoryAsync("ECID:nobody"));
        await Story.GetAsync("profiles", "ECID:nobody", "", HttpStatusCode.NotFound);
        await using var command = Host.Database.CreateCommand("select count(*) from identity where value = $1");
        command.Parameters.Add(new() { Value = Story.Identity("ECID:nobody").Id });
        Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
