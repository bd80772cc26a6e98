using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events;

/// <summary>Which door an event came through, and so how far it is trusted.</summary>
public enum EventDoor : short
{
    /// <summary>Browsers; anybody can post here.</summary>
    Storefront = 0,

    /// <summary>The shop's servers, with a secret key.</summary>
    BackOffice = 1,

    /// <summary>Profile records, with a secret key.</summary>
    Profiles = 2,
}

/// <summary>
/// The one internal event. Every door turns what it gets into this; nothing behind the door knows the wire shape.
/// A profile record is one too (kind <c>profileRecord</c>): it names identities and asserts attributes and consents.
/// </summary>
public sealed record CustomerEvent
{
    public required EventDoor Door { get; init; }

    /// <summary>Hash of <c>_id</c>, else of the bytes as sent.</summary>
    public required EventKey Key { get; init; }

    /// <summary><c>_id</c> as sent, if any.</summary>
    public string? Id { get; init; }

    /// <summary>The documented name (<c>addToCart</c>, <c>backofficeOrderPlaced</c>, …) or the custom type as sent, or <c>custom</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The time as sent, UTC, cut to the microsecond; null when none was sent.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>
    /// The same, corrected by a door that knows how wrong the client's clock is; null = as sent. Decides when the event counts, within a
    /// day of the time as sent, and nothing else: the event's key keeps the time as sent, so that a retry is caught.
    /// </summary>
    public DateTimeOffset? CorrectedAt { get; init; }

    /// <summary>The event's identities, its own first; empty when it names none. No duplicates, at most 50.</summary>
    public IReadOnlyList<Identity> Identities { get; init; } = [];

    public required EventContent Content { get; init; }

    /// <summary>Attributes asserted (account events and profile records).</summary>
    public IReadOnlyList<AttributeAssertion> Attributes { get; init; } = [];

    /// <summary>Consents asserted.</summary>
    public IReadOnlyList<ConsentAssertion> Consents { get; init; } = [];

    /// <summary>The event's own JSON, byte for byte as it came (without the <c>{"xdm":…}</c> around it).</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>One attribute asserted by an event or record; <paramref name="Name"/> as in <c>profile.*</c> fields.</summary>
public sealed record AttributeAssertion(string Name, JsonElement Value);

/// <summary>A choice for one purpose: <c>collect</c>, <c>share</c>, <c>personalize</c>, <c>marketing.email</c>, …</summary>
public sealed record ConsentAssertion(string Purpose, bool In);

/// <summary>Why an event was refused: its position in the batch, a stable code, a sentence.</summary>
public sealed record Refusal(int Index, string Code, string Detail);
