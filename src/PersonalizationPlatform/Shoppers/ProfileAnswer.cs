using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Shoppers;

/// <summary>A profile.</summary>
/// <param name="Profile">Its id: that of its first person identity, a visitor's that of its device.</param>
/// <param name="Registered">Whether it has a CustomerId.</param>
/// <param name="FirstSeen">The earliest instant anything counts at.</param>
/// <param name="LastSeen">The latest.</param>
/// <param name="Identities">Its identities, devices with the intervals in which they belong to it.</param>
/// <param name="Attributes">By name; of several assertions the newest.</param>
/// <param name="Consents">By purpose: true = in.</param>
/// <param name="Segments">Present memberships.</param>
/// <param name="Truncated">Whether it has more events than are read for judging.</param>
public sealed record ProfileAnswer(
    Guid Profile, bool Registered, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen, IReadOnlyList<ProfileIdentity> Identities,
    IReadOnlyDictionary<string, ProfileAttribute> Attributes, IReadOnlyDictionary<string, bool> Consents, IReadOnlyList<ShopperSegment> Segments, bool Truncated);

/// <summary>An identity of a profile.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Id">Its value.</param>
/// <param name="Person">Whether it names a person rather than a device.</param>
/// <param name="From">For devices: since when it belongs to this profile; absent = from the beginning.</param>
/// <param name="Until">For devices: until when; absent = still.</param>
public sealed record ProfileIdentity(string Namespace, string Id, bool Person, DateTimeOffset? From, DateTimeOffset? Until);

/// <summary>An attribute's value, which kind of event or record asserted it, and when.</summary>
public sealed record ProfileAttribute(JsonElement Value, string Source, DateTimeOffset At);

/// <summary>One event of a profile.</summary>
/// <param name="Key">What a retry is recognised by.</param>
/// <param name="Id">The event's own id, if it had one.</param>
/// <param name="Kind">Its documented name or custom type.</param>
/// <param name="EventType">The XDM event type.</param>
/// <param name="OccurredAt">The time as sent.</param>
/// <param name="CountsAt">The instant windows use.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Door"><c>storefront</c>, <c>backOffice</c> or <c>profiles</c>.</param>
/// <param name="Identity">The identity it was stored under.</param>
/// <param name="Body">The event as it came.</param>
public sealed record TimelineEvent(
    Guid Key, string? Id, string Kind, string? EventType, DateTimeOffset OccurredAt, DateTimeOffset CountsAt, DateTimeOffset ReceivedAt,
    Events.EventDoor Door, Guid Identity, RawJson Body);
