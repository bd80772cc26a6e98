using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Shoppers;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>What the page is about, so that the same is decided again with its reasons.</summary>
public sealed record DemoInsightRequest
{
    public IReadOnlyList<string>? Placements { get; init; }
    public string? Product { get; init; }
    public DemoCart? Cart { get; init; }
}

/// <summary>What the platform knows of the visitor who asks, and what it makes of that.</summary>
/// <param name="Closed">Why nothing more is told: the browser has come to belong to somebody who may be someone else.</param>
/// <param name="Profile">Absent while nobody has heard of the visitor.</param>
/// <param name="Events">The visitor's own, the newest first, and the made-up past of a demo customer.</param>
/// <param name="Segments">Every live segment's verdict with its reasons.</param>
/// <param name="Since">Since when the visitor is in a segment, by its key.</param>
/// <param name="Decision">What the page was given, with the reasons.</param>
/// <param name="Rules">The names of the rules in it, by their ids.</param>
public sealed record DemoInsightAnswer(
    DateTimeOffset At, string? Closed, DemoProfile? Profile, IReadOnlyList<DemoEvent> Events, IReadOnlyList<SegmentVerdict> Segments,
    IReadOnlyDictionary<string, DateTimeOffset> Since, CombinedDecisionAnswer? Decision, IReadOnlyDictionary<Guid, string> Rules);

/// <summary>The profile, without what other visitors did to it.</summary>
/// <param name="OtherDevices">Of a demo customer: browsers of others who play the same.</param>
public sealed record DemoProfile(
    Guid Id, bool Registered, DateTimeOffset? FirstSeen, IReadOnlyList<ProfileIdentity> Identities, int OtherDevices,
    IReadOnlyDictionary<string, ProfileAttribute> Attributes, IReadOnlyDictionary<string, bool> Consents, IReadOnlyList<DemoOrderFact> Orders, DemoCartFact? Cart);

/// <summary>An order fact.</summary>
public sealed record DemoOrderFact(string Number, DateTimeOffset PlacedAt, string Status, decimal? Total, string? Currency);

/// <summary>The cart as folded from the events.</summary>
public sealed record DemoCartFact(decimal Quantity, decimal Subtotal, DateTimeOffset? UpdatedAt);

/// <summary>An event that was accepted.</summary>
/// <param name="Source">The door it came through.</param>
/// <param name="Past">Whether it belongs to the past that was made up when the demo shop was loaded.</param>
public sealed record DemoEvent(Guid Key, string Kind, DateTimeOffset At, DateTimeOffset ReceivedAt, string Source, bool Past, IReadOnlyList<string> About);
