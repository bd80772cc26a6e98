using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.SegmentApi;
using PersonalizationPlatform.Tests.Events;

namespace PersonalizationPlatform.Tests.SegmentApi;

/// <summary>Messages of Segment's protocol on their way in.</summary>
internal static class SegmentMessages
{
    public static CustomerEvent Understand(string message, bool trusted = false, string? sentAt = null)
    {
        var (door, arrival) = Translate(Encoding.UTF8.GetBytes(message), trusted, sentAt);
        return XdmEventReader.TryRead(arrival, door, Understood.Limits(door), out var ev, out var refusal)
            ? ev : throw new InvalidOperationException($"Refused: {refusal.Code}: {refusal.Detail}");
    }

    public static string? Refusal(string message, bool trusted)
    {
        var (door, arrival) = Translate(Encoding.UTF8.GetBytes(message), trusted, null);
        return XdmEventReader.TryRead(arrival, door, Understood.Limits(door), out _, out var refusal) ? null : refusal.Code;
    }

    public static (EventDoor Door, Arrival Arrival) Translate(byte[] message, bool trusted, string? sentAt) =>
        SegmentTranslator.Translate(message, null, new SegmentRequest(trusted, null, sentAt, null, Understood.ReceivedAt), new SegmentOptions(), 32);

    public static string With(string json, string more)
    {
        var merged = JsonNode.Parse(json)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
            merged[name] = value?.DeepClone();
        return merged.ToJsonString();
    }
}
