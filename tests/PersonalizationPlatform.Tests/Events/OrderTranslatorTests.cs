using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.OrderFeed;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Events;

/// <summary>Records of the order feed that are not as the exporter writes them.</summary>
public sealed class OrderTranslatorTests
{
    private static readonly string[] Scraps = ["null", "{}", "[]", "1e999", "\"\\ud800\"", "\"\\u0000\"", "[{\"id\":[]}]", "\"", "}", "-0", "\"NaN\"", "\xff", "9999999999999"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_damaged_record_is_understood_or_refused(int seed)
    {
        var random = new Random(seed);
        var records = Directory.EnumerateFiles(Path.Combine(Snapshot.Root, "tests/contracts/order-feed"), "*.json").Order(StringComparer.Ordinal)
            .Select(file => Encoding.UTF8.GetBytes(JsonNode.Parse(File.ReadAllText(file))!["pushes"]!.AsArray()[^1]!["body"]!.ToJsonString()))
            .Select(body => body[0] == '[' ? body[1..^1] : body).ToArray();
        var (understood, refused) = (0, 0);
        for (var round = 0; round < 3000; round++)
        {
            var damaged = records[random.Next(records.Length)].ToList();
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                var at = random.Next(damaged.Count);
                damaged.RemoveRange(at, Math.Min(random.Next(8), damaged.Count - at));
                damaged.InsertRange(at, Encoding.Latin1.GetBytes(Scraps[random.Next(Scraps.Length)]));
            }

            foreach (var fact in Translate([.. damaged]))
            {
                if (XdmEventReader.TryRead(fact.Arrival, EventDoor.BackOffice, Understood.Limits(EventDoor.BackOffice), out var ev, out _))
                {
                    // What is kept must be JSON, and the door must know the event again by what it is looked up by.
                    Assert.NotNull(JsonNode.Parse(Encoding.UTF8.GetString(ev.Body.Span).Replace("\\ud800", "", StringComparison.Ordinal)));
                    Assert.Equal((fact.Id, fact.At), (ev.Id, ev.OccurredAt));
                    understood++;
                }
                else
                {
                    refused++;
                }
            }
        }

        Assert.True(understood > 50 && refused > 50, $"{understood} understood, {refused} refused: the damage is too even.");
    }

    [Fact]
    public void Quantities_without_end_are_refused_and_overflow_nothing()
    {
        var lines = string.Join(',', Enumerable.Repeat("""{"orderItemId":{"id":"a"},"qtyShipped":9999999999999}""", 2000));
        var facts = Translate($$$"""
            {"commerceOrderNumber":"1","createdAt":"2026-06-01T00:00:00Z","items":[{"itemId":{"id":"a"},"sku":"a","unitPrice":9999999999999}],"shipments":[{"items":[{{{lines}}}]}]}
            """);
        Assert.Equal([null, "value.outOfRange"], facts.Select(Refusal));
    }

    [Fact]
    public void A_record_may_be_as_large_as_an_event_and_as_deep()
    {
        const string head = """ "commerceOrderNumber":"1","createdAt":"2026-06-01T00:00:00Z" """;
        Assert.Equal("event.tooLarge", Refusal(Translate($$"""{ {{head}},"x":"{{new string('x', 256 * 1024)}}"}""").Single()));
        Assert.Equal("event.tooDeep", Refusal(Translate($$"""{ {{head}},"x":{{new string('[', 40)}}{{new string(']', 40)}}}""").Single()));
        // What is made of it is not measured by what it is kept with.
        Assert.Null(Refusal(Translate($$"""{ {{head}},"x":"{{new string('x', 255 * 1024)}}"}""").Single()));
    }

    [Fact]
    public void An_id_that_would_be_too_long_is_shortened_and_still_the_same()
    {
        var record = $$"""{"commerceOrderNumber":"{{new string('9', 250)}}","createdAt":"2026-06-01T00:00:00Z"}""";
        var id = Translate(record).Single().Id!;
        Assert.True(id.Length <= 256);
        Assert.Equal(id, Translate(record).Single().Id);
        Assert.NotEqual(id, Translate(record.Replace("\"9", "\"8", StringComparison.Ordinal)).Single().Id);
    }

    [Fact]
    public void Attributes_of_the_shops_own_do_not_speak_over_the_order()
    {
        var placed = Translate("""
            {"commerceOrderNumber":"1","createdAt":"2026-06-01T00:00:00Z","status":"pending","grandTotal":5,
             "additionalInformation":[{"name":"status","value":"complete"},{"name":"priceTotal","value":"1"},{"name":"refundTotal","value":"9"},{"name":"couponCode","value":"TEN"},{"name":"couponCode","value":"X"},{"value":"y"},7],
             "items":[{"sku":"a","itemPrice":5,"additionalInformation":[{"name":"SKU","value":"b"},{"name":"color","value":"red"}]}]}
            """)[0];
        Assert.True(XdmEventReader.TryRead(placed.Arrival, EventDoor.BackOffice, Understood.Limits(EventDoor.BackOffice), out var ev, out _));
        Assert.Equal((null, 5, "TEN"), (ev.Content.Order!.Status, ev.Content.Order.PriceTotal, ev.Content.Order.CouponCode));
        Assert.Empty(ev.Content.Order.Refunds);
        Assert.Equal(("a", "red"), (ev.Content.Items[0].Sku, ev.Content.Items[0].Attributes["color"]));
    }

    private static IReadOnlyList<OrderFact> Translate(string record) => Translate(Encoding.UTF8.GetBytes(record));

    private static IReadOnlyList<OrderFact> Translate(byte[] record) => OrderTranslator.Translate(record, null, "base", Understood.Limits(EventDoor.BackOffice));

    private static string? Refusal(OrderFact fact) =>
        XdmEventReader.TryRead(fact.Arrival, EventDoor.BackOffice, Understood.Limits(EventDoor.BackOffice), out _, out var refusal) ? null : refusal.Code;
}
