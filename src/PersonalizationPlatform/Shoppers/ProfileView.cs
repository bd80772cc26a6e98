using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Profiles;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Shoppers;

/// <summary>Reads one profile for people and tools.</summary>
public sealed class ProfileView(
    NpgsqlDataSource database, ShopperReader shoppers, SnapshotReader snapshots, SegmentDefinitions definitions, IdentityHash hash, TimeProvider time)
{
    private const string IdentitiesSql = "select identity_id, namespace, value, first_seen, last_seen from identity where identity_id = any($1)";

    private const string TimelineSql = """
        select e.counts_at, e.key, e.id, e.kind, e.event_type, e.occurred_at, e.received_at, e.door, e.identity_id, e.body
        from event e
        where e.identity_id = any($1) and (e.counts_at, e.key) < ($2, $3)
        order by e.counts_at desc, e.key desc limit $4
        """;

    /// <summary>Null when no event or record ever named the identity.</summary>
    public async Task<ProfileAnswer?> ReadAsync(Identity identity, CancellationToken cancellationToken)
    {
        var view = await shoppers.ReadAsync([identity], cancellationToken);
        if (view.Profile is not { } profile)
            return null;
        var snapshot = (await snapshots.ReadAsync([profile.Value], new Needs(), cancellationToken))[0];
        var set = await definitions.AtAsync(view.Epoch, cancellationToken);
        var (identities, first, last) = await IdentitiesAsync(snapshot, cancellationToken);
        var attributes = new SortedDictionary<string, ProfileAttribute>(StringComparer.Ordinal);
        foreach (var attribute in snapshot.Facts.Attributes)
            if (!attribute.Name.StartsWith("consent.", StringComparison.Ordinal))
                attributes[attribute.Name] = new ProfileAttribute(attribute.Value, attribute.Source, attribute.At);
        return new ProfileAnswer(
            profile.Value, snapshot.Facts.IsRegistered, first, last, identities, attributes, view.Consents,
            [.. set.InOrder.Where(s => view.Members.ContainsKey(s.Id)).Select(s => new ShopperSegment(s.Id.Value, s.Key, s.Name, view.Members[s.Id].Since, view.Members[s.Id].Until))],
            snapshot.Truncated);
    }

    /// <summary>A page of events, newest first; null when the identity is unknown.</summary>
    public async Task<Page<TimelineEvent>?> TimelineAsync(Identity identity, PageQuery page, CancellationToken cancellationToken)
    {
        if (await SnapshotAsync(identity, new Needs(), cancellationToken) is not { } snapshot)
            return null;
        var (at, key) = Cursor(page.After());
        var events = new List<TimelineEvent>();
        // A shared device's rows may belong to somebody else; read on until the page is full or nothing is left.
        for (var more = true; more && events.Count < page.Rows;)
        {
            var read = await EventsAsync(snapshot, at, key, page.Rows, cancellationToken);
            more = read.Count == page.Rows;
            if (read.Count > 0)
                (at, key) = (read[^1].CountsAt, read[^1].Key);
            events.AddRange(read.Where(e => snapshot.Spans.Any(s => s.Identity == e.Identity && s.Holds(e.CountsAt, e.Key))));
        }

        return page.Of(events, e => $"{e.CountsAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}_{e.Key}", e => e);
    }

    /// <summary>A page of orders, newest first; null when the identity is unknown.</summary>
    public async Task<Page<Order>?> OrdersAsync(Identity identity, PageQuery page, CancellationToken cancellationToken)
    {
        if (await SnapshotAsync(identity, new Needs { Orders = true }, cancellationToken) is not { } snapshot)
            return null;
        var (at, key) = Cursor(page.After());
        var now = ShopperReader.Later(time.GetUtcNow(), snapshot);
        var orders = snapshot.Facts.Orders.Select(o => OrderFolding.Fold(o.PurchaseId, o.Parts, now)).OfType<Order>()
            .Where(o => o.PlacedAt < at || (o.PlacedAt == at && o.Key.Value.CompareTo(key) < 0))
            .OrderByDescending(o => o.PlacedAt).ThenByDescending(o => o.Key).ToList();
        return page.Of(orders, o => $"{o.PlacedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}_{o.Key}", o => o);
    }

    private async Task<ProfileSnapshot?> SnapshotAsync(Identity identity, Needs needs, CancellationToken cancellationToken) =>
        await snapshots.OwnerAsync([hash.Of(identity).Value], cancellationToken) is { } profile
            ? (await snapshots.ReadAsync([profile], needs, cancellationToken))[0]
            : null;

    private async Task<(IReadOnlyList<ProfileIdentity> Identities, DateTimeOffset? First, DateTimeOffset? Last)> IdentitiesAsync(
        ProfileSnapshot snapshot, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(IdentitiesSql);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = snapshot.Ids });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var identities = new List<ProfileIdentity>();
        DateTimeOffset? first = null, last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var spans = Joined([.. snapshot.Spans.Where(s => s.Identity == reader.GetGuid(0)).OrderBy(s => s.FromAt ?? DateTimeOffset.MinValue)]);
            // Of a device that is shared, only this profile's intervals say when it was seen.
            if (spans.Exists(s => s.FromAt is null) && !reader.IsDBNull(3))
                first = Earlier(first, reader.GetFieldValue<DateTimeOffset>(3));
            first = spans.Select(s => s.FromAt).OfType<DateTimeOffset>().Aggregate(first, (a, b) => Earlier(a, b));
            if (spans.Exists(s => s.UntilAt is null) && !reader.IsDBNull(4))
                last = Later(last, reader.GetFieldValue<DateTimeOffset>(4));
            if (!reader.IsDBNull(2))
                identities.AddRange(spans.Select(s => new ProfileIdentity(reader.GetString(1), reader.GetString(2), s.Person, s.FromAt, s.UntilAt)));
        }

        return ([.. identities.OrderByDescending(i => i.Person).ThenBy(i => IdentityNamespace.Priority(i.Namespace)).ThenBy(i => i.From)], first, last);
    }

    /// <summary>A person who signs in again keeps the device: intervals that meet are told as one.</summary>
    private static List<IdentitySpan> Joined(IReadOnlyList<IdentitySpan> spans)
    {
        var joined = new List<IdentitySpan>();
        foreach (var span in spans)
            if (joined.Count > 0 && joined[^1].UntilAt is { } until && until == span.FromAt && joined[^1].UntilKey == span.FromKey)
                joined[^1] = joined[^1] with { UntilAt = span.UntilAt, UntilKey = span.UntilKey };
            else
                joined.Add(span);
        return joined;
    }

    private async Task<List<TimelineEvent>> EventsAsync(ProfileSnapshot snapshot, DateTimeOffset at, Guid key, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(TimelineSql);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = snapshot.Ids });
        command.Parameters.Add(new NpgsqlParameter { Value = at });
        command.Parameters.Add(new NpgsqlParameter { Value = key });
        command.Parameters.Add(new NpgsqlParameter { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<TimelineEvent>();
        while (await reader.ReadAsync(cancellationToken))
            events.Add(new TimelineEvent(
                reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(6),
                (EventDoor)reader.GetInt16(7), reader.GetGuid(8), new RawJson(reader.GetString(9))));
        return events;
    }

    private static (DateTimeOffset At, Guid Key) Cursor(string? after)
    {
        var parts = after?.Split('_');
        return parts is [var ticks, var key] && long.TryParse(ticks, CultureInfo.InvariantCulture, out var t) && Guid.TryParse(key, out var k)
            ? (new DateTimeOffset(t, TimeSpan.Zero), k)
            : (DateTimeOffset.MaxValue, Guid.Empty);
    }

    private static DateTimeOffset Earlier(DateTimeOffset? a, DateTimeOffset b) => a is { } known && known < b ? known : b;

    private static DateTimeOffset Later(DateTimeOffset? a, DateTimeOffset b) => a is { } known && known > b ? known : b;
}
