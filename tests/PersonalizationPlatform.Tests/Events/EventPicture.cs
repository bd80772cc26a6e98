using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PersonalizationPlatform.Events;

namespace PersonalizationPlatform.Tests.Events;

/// <summary>An understood event as contract cases write it down, and the differences between two of them.</summary>
public static class EventPicture
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static JsonObject Of(CustomerEvent ev)
    {
        var content = ev.Content;
        var picture = new JsonObject
        {
            ["kind"] = ev.Kind,
            ["eventType"] = content.EventType,
            ["id"] = ev.Id,
            ["occurredAt"] = ev.OccurredAt is { } at ? Time(at) : null,
            ["identities"] = new JsonArray([.. ev.Identities.Select(i => JsonValue.Create($"{i.Namespace}:{i.Value}"))]),
            ["environment"] = content.Environment,
            ["website"] = content.Website,
            ["store"] = content.Store,
            ["storeView"] = content.StoreView,
            ["channel"] = content.Channel,
            ["page"] = Json(content.Page),
            ["search"] = Json(content.Search),
            ["skus"] = new JsonArray([.. content.Items.Select(i => JsonValue.Create(i.Sku))]),
            ["categories"] = new JsonArray([.. content.Items.SelectMany(i => i.Categories).Distinct().Select(c => JsonValue.Create(c))]),
            ["items"] = Json(content.Items),
            ["cart"] = Json(content.Cart),
            ["requisitionList"] = Json(content.RequisitionList),
        };
        foreach (var item in picture["items"]!.AsArray())
            item!.AsObject().Remove("categories");
        if (content.Order is { } order)
        {
            picture["orderId"] = order.PurchaseId;
            picture["value"] = order.PriceTotal ?? order.Payments.Sum(p => p.Amount);
            picture["currency"] = order.Currency;
            var rest = Json(order)!.AsObject();
            foreach (var shown in (string[])["purchaseId", "priceTotal", "currency", "refunds"])
                rest.Remove(shown);
            picture["order"] = rest;
        }

        foreach (var missing in picture.Where(member => member.Value is null).Select(member => member.Key).ToList())
            picture.Remove(missing);
        return picture;
    }

    /// <summary>Each difference as "path: expected …, was …".</summary>
    public static IEnumerable<string> Differences(JsonNode? expected, JsonNode? actual, string path = "$")
    {
        if (expected is JsonObject wanted && actual is JsonObject had)
            return wanted.Select(m => m.Key).Union(had.Select(m => m.Key)).SelectMany(name => Differences(wanted[name], had[name], $"{path}.{name}"));
        if (expected is JsonArray list && actual is JsonArray other)
            return Enumerable.Range(0, Math.Max(list.Count, other.Count))
                .SelectMany(i => Differences(i < list.Count ? list[i] : null, i < other.Count ? other[i] : null, $"{path}[{i}]"));
        return Same(expected, actual) ? [] : [$"{path}: expected {Text(expected)}, was {Text(actual)}"];
    }

    private static bool Same(JsonNode? a, JsonNode? b) =>
        Text(a) == Text(b) || (decimal.TryParse(Text(a), CultureInfo.InvariantCulture, out var x) && decimal.TryParse(Text(b), CultureInfo.InvariantCulture, out var y) && x == y);

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";

    /// <summary>With milliseconds as clients write them, finer only where it is finer.</summary>
    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(
        at.Ticks % TimeSpan.TicksPerMillisecond == 0 ? "yyyy-MM-ddTHH:mm:ss.fffK" : "yyyy-MM-ddTHH:mm:ss.ffffffK", CultureInfo.InvariantCulture);

    private static JsonNode? Json<T>(T? value) => value is null ? null : JsonSerializer.SerializeToNode(value, Camel);
}
