using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Profiles;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>A snapshot while its rows come in, in whatever order; keeps only what lies inside the profile's spans.</summary>
internal sealed class Draft(Guid profile, int number)
{
    private const string ConsentPrefix = "consent.";

    private readonly Dictionary<Guid, List<IdentitySpan>> _spans = [];
    private readonly SortedDictionary<Guid, (long Mark, bool Latest)> _marks = [];
    private readonly Dictionary<Guid, Guid> _ownProfiles = [];
    private readonly List<EventFact> _events = [];
    private readonly List<AttributeFact> _attributes = [];
    private readonly Dictionary<AudienceId, DateTimeOffset> _lists = [];
    private readonly Dictionary<string, bool> _consents = [];
    private readonly Dictionary<string, KindSummary> _kinds = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Guid, (DateTimeOffset, Guid)> _inherited = [];
    private DateTimeOffset? _firstSeen;
    private DateTimeOffset? _seenFrom = DateTimeOffset.MaxValue;
    private DateTimeOffset? _seenTo = DateTimeOffset.MinValue;
    private DateTimeOffset? _oldestRead;
    private bool _registered;
    private int _read;
    private Guid? _lostTo;
    private DateTimeOffset? _linkedAt;

    internal Guid Profile => profile;
    internal int Number => number;
    internal StoredProfile? Stored { get; set; }
    internal List<OrderHistory> Orders { get; } = [];
    internal Dictionary<Guid, StoredMembership> Members { get; } = [];
    internal Dictionary<Guid, DateTimeOffset> LastLogged { get; } = [];
    internal IEnumerable<Guid> Identities => _spans.Keys;
    internal bool IsTruncated => _read > SnapshotReader.MaxEvents;
    internal IEnumerable<string> Skus => _events.SelectMany(e => e.Content.Items).Concat(Orders.SelectMany(o => o.Parts).SelectMany(p => p.Items)).Select(i => i.Sku).OfType<string>();

    /// <summary>
    /// Identities that this profile has not seen before and whose past it takes over. Who is only the next person on a shared device
    /// takes over nothing.
    /// </summary>
    internal IEnumerable<Guid> Gained =>
        _spans.Where(s => s.Value.Exists(span => span.FromAt is null) && _ownProfiles[s.Key] != profile && Stored?.SeenIds.Contains(s.Key) != true).Select(s => s.Key);

    /// <summary>The profiles of their own that these had.</summary>
    internal IEnumerable<Guid> GainedFrom => Gained.Select(id => _ownProfiles[id]);

    /// <summary>Identities this profile had seen and does not have any more.</summary>
    internal IEnumerable<Guid> Lost => Stored is { Erased: false } stored ? stored.SeenIds.Where(id => !_spans.ContainsKey(id)) : [];

    /// <summary>
    /// Where the events of these identities can be. Every append widens first and last seen to the event's <c>counts_at</c>; the time
    /// as sent may be a day earlier, by a correction of the client's clock, and up to two days later, by that and a clock ahead of ours.
    /// </summary>
    internal DateTimeOffset OccurredFrom => _seenFrom?.AddDays(-1) ?? DateTimeOffset.MinValue;

    /// <inheritdoc cref="OccurredFrom"/>
    internal DateTimeOffset OccurredTo => _seenTo?.AddDays(2) ?? DateTimeOffset.MaxValue;

    internal void Add(IdentitySpan span, long mark, bool latest, bool customer, DateTimeOffset? firstSeen, DateTimeOffset? lastSeen, Guid ownProfile)
    {
        // Nothing known of one identity leaves the range open.
        _seenFrom = firstSeen < _seenFrom ? firstSeen : firstSeen is null ? null : _seenFrom;
        _seenTo = lastSeen > _seenTo ? lastSeen : lastSeen is null ? null : _seenTo;
        if (!_spans.TryGetValue(span.Identity, out var spans))
            _spans[span.Identity] = spans = [];
        spans.Add(span);
        _marks[span.Identity] = (mark, latest);
        _ownProfiles[span.Identity] = ownProfile;
        _registered |= customer;
        if (span.FromAt is null && firstSeen is not null && (_firstSeen is null || firstSeen < _firstSeen))
            _firstSeen = firstSeen;
    }

    internal bool Holds(Guid identity, DateTimeOffset at, Guid key) =>
        _spans.TryGetValue(identity, out var spans) && spans.Exists(s => s.Holds(at, key));

    private bool HasNow(Guid identity) => _spans.TryGetValue(identity, out var spans) && spans.Exists(s => s.UntilAt is null);

    internal void AddEvent(Guid identity, EventFact e)
    {
        _read++;
        if (_read > SnapshotReader.MaxEvents)
            return;
        _oldestRead = e.CountsAt;
        if (Holds(identity, e.CountsAt, e.Key.Value))
            _events.Add(e);
    }

    /// <summary>In ascending order. A choice of consent is the identity's, whoever had it then.</summary>
    internal void AddAttribute(Guid identity, AttributeFact attribute)
    {
        if (attribute.Name.StartsWith(ConsentPrefix, StringComparison.Ordinal) && HasNow(identity))
            _consents[attribute.Name[ConsentPrefix.Length..]] = attribute.Value.ValueKind == System.Text.Json.JsonValueKind.True;
        if (Holds(identity, attribute.At, attribute.Key.Value))
            _attributes.Add(attribute);
    }

    /// <summary>A list entry belongs to whoever has the identity now.</summary>
    internal void AddList(Guid identity, AudienceId audience, DateTimeOffset addedAt)
    {
        if (HasNow(identity) && (!_lists.TryGetValue(audience, out var known) || addedAt < known))
            _lists[audience] = addedAt;
    }

    internal void AddKind(Guid identity, string kind, KindSummary summary)
    {
        // Counters are kept per identity; on a shared device they cannot be told apart by person, so only undivided ones are used.
        if (!_spans.TryGetValue(identity, out var spans) || spans is not [{ FromAt: null, UntilAt: null }])
            return;
        _kinds[kind] = _kinds.TryGetValue(kind, out var known)
            ? new KindSummary(known.FirstAt < summary.FirstAt ? known.FirstAt : summary.FirstAt, known.Count + summary.Count)
            : summary;
    }

    internal void Inherit(Guid from, Guid segment, DateTimeOffset since)
    {
        if (GainedFrom.Contains(from) && (!_inherited.TryGetValue(segment, out var known) || since < known.Item1))
            _inherited[segment] = (since, from);
    }

    internal void LoseTo(Guid identity, Guid owner)
    {
        if (owner != profile && Lost.Contains(identity))
            _lostTo = owner;
    }

    internal void Link(Guid identity, DateTimeOffset at)
    {
        if ((_linkedAt is null || at > _linkedAt) && (Gained.Contains(identity) || Lost.Contains(identity)))
            _linkedAt = at;
    }

    internal ProfileSnapshot ToSnapshot(IReadOnlyDictionary<string, IReadOnlyDictionary<string, FieldValue>>? products)
    {
        _events.Sort((a, b) => a.CountsAt.CompareTo(b.CountsAt) is var at and not 0 ? at : a.Key.CompareTo(b.Key));
        return new ProfileSnapshot
        {
            Profile = profile,
            Stored = Stored,
            Spans = [.. _spans.Values.SelectMany(s => s)],
            Ids = [.. _marks.Keys],
            Marks = [.. _marks.Values.Select(m => m.Mark)],
            Latest = [.. _marks.Values.Select(m => m.Latest)],
            Members = Members,
            LastLogged = LastLogged,
            Inherited = _inherited,
            GainedFrom = GainedFrom.Select(id => (Guid?)id).FirstOrDefault(),
            LostTo = _lostTo,
            LinkedAt = _linkedAt,
            ListedAt = _lists,
            Consents = _consents,
            Truncated = IsTruncated,
            Facts = new Facts
            {
                Events = _events,
                Orders = Orders,
                Attributes = _attributes,
                Lists = _lists.Keys.ToHashSet(),
                IsRegistered = _registered,
                FirstSeen = _firstSeen,
                Kinds = _kinds,
                TruncatedBefore = IsTruncated ? _oldestRead : null,
                Products = products ?? new Dictionary<string, IReadOnlyDictionary<string, FieldValue>>(),
            },
        };
    }
}
