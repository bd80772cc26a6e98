using System.Text;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Events;

/// <summary>Reads one event as a door would at a fixed instant.</summary>
internal static class Understood
{
    public static readonly DateTimeOffset ReceivedAt = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    public static CustomerEvent Event(string json, EventDoor door = EventDoor.BackOffice) =>
        XdmEventReader.TryRead(new Arrival(Encoding.UTF8.GetBytes(json)), door, Limits(door), out var ev, out var refusal)
            ? ev : throw new InvalidOperationException($"Refused: {refusal.Code}: {refusal.Detail}");

    public static CustomerEvent Record(string json) => Event(json, EventDoor.Profiles);

    /// <summary>The code it is refused with, or null.</summary>
    public static string? Refusal(string json, EventDoor door = EventDoor.BackOffice) => Refusal(Encoding.UTF8.GetBytes(json), door);

    public static string? Refusal(byte[] json, EventDoor door = EventDoor.BackOffice) =>
        XdmEventReader.TryRead(new Arrival(json), door, Limits(door), out _, out var refusal) ? null : refusal.Code;

    public static UnderstandingLimits Limits(EventDoor door) => new CollectionLimits().For(door, ReceivedAt);

    public static string[] Names(this IEnumerable<Identity> identities) => [.. identities.Select(i => $"{i.Namespace}:{i.Value}")];
}
