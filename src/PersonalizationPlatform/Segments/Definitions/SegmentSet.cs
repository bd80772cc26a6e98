using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Conditions.Nodes;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>A live segment, ready to be judged.</summary>
/// <param name="Website">The website it answers for; null = every one.</param>
/// <param name="ChangedEpoch">Verdicts reached under an older epoch are not its verdicts.</param>
/// <param name="Condition">Null = everybody of the population.</param>
public sealed record LiveSegment(
    SegmentId Id, string Key, string Name, string? Website, ApplyTo ApplyTo, int Version, long ChangedEpoch, Condition? Condition, Needs Needs)
{
    /// <summary>The condition nobody satisfies.</summary>
    internal static readonly Condition Nobody = new Group(Match.None, [new Group(Match.All, [])]);

    /// <summary>Since when it has been live: what shoppers did before is history to it, not something that happens.</summary>
    public DateTimeOffset LiveSince { get; init; }

    /// <summary>What its website, or the shop, decides for its conditions.</summary>
    public WebsiteSettings Settings { get; init; } = WebsiteSettings.Base;

    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; init; }

    public bool AnswersFor(string website) => Website is null || Website.Equals(website, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A live audience.</summary>
/// <param name="Segment">The segment it publishes; null for a list.</param>
/// <param name="ListVersion">The entries of a list that count carry this version.</param>
public sealed record AudienceEntry(AudienceId Id, string Key, AudienceKind Kind, SegmentId? Segment, long ListVersion)
{
    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; init; }
}

/// <summary>Every definition that decides memberships, as of one epoch. Immutable.</summary>
public sealed class SegmentSet
{
    private readonly Dictionary<SegmentId, LiveSegment> byId;

    /// <param name="segments">In any order.</param>
    public SegmentSet(long epoch, IEnumerable<LiveSegment> segments, IReadOnlyDictionary<AudienceId, AudienceEntry> audiences)
    {
        Epoch = epoch;
        Audiences = audiences;
        var all = segments.OrderBy(segment => segment.Key, StringComparer.Ordinal).ToList();
        InOrder = SegmentOrder.Sort(all, segment => segment.Id, segment => SegmentOrder.References(segment.Needs, audiences));
        byId = InOrder.ToDictionary(segment => segment.Id);
        foreach (var segment in InOrder)
            Add(Needs, segment.Needs);
    }

    public long Epoch { get; }

    /// <summary>The websites whose currencies the conditions compare amounts in.</summary>
    public WebsiteSet Websites { get; init; } = WebsiteSet.Undescribed;

    /// <summary>The live segments, each after those it refers to. One that refers to itself in a circle is not among them: it fails closed.</summary>
    public IReadOnlyList<LiveSegment> InOrder { get; }

    /// <summary>What all of them together need loaded.</summary>
    public Needs Needs { get; } = new();

    /// <summary>The live audiences.</summary>
    public IReadOnlyDictionary<AudienceId, AudienceEntry> Audiences { get; }

    /// <summary>Null when there is no such segment or it is not live.</summary>
    public LiveSegment? Find(SegmentId id) => byId.GetValueOrDefault(id);

    private static void Add(Needs to, Needs from)
    {
        to.Kinds.UnionWith(from.Kinds);
        to.Segments.UnionWith(from.Segments);
        to.Audiences.UnionWith(from.Audiences);
        to.Orders |= from.Orders;
        to.Attributes |= from.Attributes;
        to.Bodies |= from.Bodies;
        to.Products |= from.Products;
    }
}
