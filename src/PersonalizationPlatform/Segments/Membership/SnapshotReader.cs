using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Profiles;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>
/// Reads what trees need for many profiles at once: two round trips, one repeatable-read snapshot. Arrays that long statements begin with
/// stand in queries of their own, as in <see cref="FreshnessReader"/>.
/// </summary>
public sealed class SnapshotReader(NpgsqlDataSource database, ProductCatalogue catalogue)
{
    /// <summary>The newest events read for one profile at a refresh, over all kinds.</summary>
    public const int MaxEvents = 20_000;

    private const string SpansSql = $"""
        with owner as (select unnest((select $1::uuid[])) as profile_id),
        {ProfileSpans.SpansAndPairs}
        select s.profile_id, s.identity_id, s.person, s.from_at, s.from_key, s.until_at, s.until_key, p.mark, p.latest,
               i.namespace = 'CustomerId' and i.person, i.first_seen, i.own_profile, i.last_seen
        from span s join pair p on p.profile_id = s.profile_id and p.identity_id = s.identity_id join identity i on i.identity_id = s.identity_id
        """;

    private const string ProfilesSql = """
        select profile_id, settle_no, epoch, settled_at, valid_until, seen_ids, seen_marks, seen_latest, deadline_ids, deadline_at, erased_at is not null
        from profile where profile_id = any($1)
        """;

    private const string OwnedSql = $"""
        with asked as (select * from unnest((select $1::uuid[])) with ordinality as a(identity_id, n)),
        {ProfileSpans.Owned}
        select profile_id from owned order by person desc, n limit 1
        """;

    private const string LostSql = $"""
        with asked as (select * from unnest((select $1::uuid[])) with ordinality as a(identity_id, n)),
        {ProfileSpans.Owned}
        select identity_id, profile_id from owned
        """;

    /// <summary>
    /// $6 and $7 say where the events can be, so that the planner leaves out the other months: planning six years of them took ten
    /// times as long as reading a usual shopper's events.
    /// </summary>
    private const string EventsSql = """
        select p.n, e.key, e.id, e.kind, e.counts_at, e.identity_id, e.content, case when $5 then e.body end
        from unnest($1::int[], $2::text[]) as p(n, ids)
        cross join lateral (
            select * from event e
            where e.identity_id = any(p.ids::uuid[]) and e.occurred_at between $6 and $7 and (lower(e.kind) = any($3) or $3 is null)
            order by e.counts_at desc, e.key desc limit $4) e
        """;

    private const string OrdersSql = """
        select p.order_id, p.counts_at, p.key, p.identity_id, p.has_identity, p.back_office, p.kind, p.website, p.store_view, p.content, p.items
        from order_part p
        where p.order_id = any(array(select distinct o.order_id from order_part o where o.identity_id = any($1)))
        order by p.order_id, p.counts_at, p.key
        """;

    private const string AttributesSql = "select identity_id, name, value, at, key, timed, source from attribute where identity_id = any($1) order by at, key, name";

    private const string ListsSql = """
        select l.identity_id, l.audience_id, l.added_at from list_entry l join audience a on a.id = l.audience_id and a.list_version = l.version
        where l.identity_id = any($1)
        """;

    private const string MembersSql = "select profile_id, segment_id, since, until, version from membership where profile_id = any($1)";

    private const string LastLoggedSql = """
        select distinct on (profile_id, segment_id) profile_id, segment_id, at from membership_log
        where profile_id = any($1) and segment_id is not null order by profile_id, segment_id, position desc
        """;

    private const string InheritedSql = """
        select l.profile_id, l.segment_id, coalesce(l.since, l.at) from membership_log l
        where l.profile_id = any($1) and l.change = 'entered' and not exists (
            select from membership_log x
            where x.profile_id = l.profile_id and x.segment_id = l.segment_id and x.position > l.position and x.cause <> 'link')
        """;

    /// <summary>When identities were named together with the persons who have them: a device with its first, an alias with its latest.</summary>
    private const string LinkedSql = """
        select device_id, min(at) from sign_in where device_id = any($1) group by device_id
        union all
        select alias_id, max(at) from person_link where alias_id = any($1) group by alias_id
        """;

    private const string KindsSql = "select identity_id, kind, first_at, count from identity_kind where identity_id = any($1)";

    /// <summary>The profile that a shopper's identities belong to now; null when none of them was ever seen.</summary>
    public async Task<Guid?> OwnerAsync(Guid[] identities, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(OwnedSql);
        command.Parameters.Add(Array(identities));
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Snapshots of the given profiles; those erased come with no spans.</summary>
    internal async Task<IReadOnlyList<ProfileSnapshot>> ReadAsync(IReadOnlyCollection<Guid> profiles, Needs needs, CancellationToken cancellationToken)
    {
        if (profiles.Count == 0)
            return [];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var drafts = profiles.Distinct().Select((id, n) => new Draft(id, n)).ToArray();
        var byId = drafts.ToDictionary(d => d.Profile);
        await ReadSpansAsync(connection, drafts, byId, cancellationToken);
        await ReadHistoryAsync(connection, drafts, byId, needs, cancellationToken);
        await ReadKindsOfTruncatedAsync(connection, drafts, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var products = needs.Products ? await ProductsAsync(drafts, cancellationToken) : null;
        return [.. drafts.Select(d => d.ToSnapshot(products))];
    }

    private static async Task ReadSpansAsync(NpgsqlConnection connection, Draft[] drafts, Dictionary<Guid, Draft> byId, CancellationToken cancellationToken)
    {
        var ids = drafts.Select(d => d.Profile).ToArray();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Command(SpansSql, Array(ids)), Command(ProfilesSql, Array(ids)) },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            byId[reader.GetGuid(0)].Add(
                new IdentitySpan(reader.GetGuid(1), reader.GetBoolean(2), Finite(Instant(reader, 3)), Nullable(reader, 4), Instant(reader, 5), Nullable(reader, 6)),
                reader.GetInt64(7), reader.GetBoolean(8), !reader.IsDBNull(9) && reader.GetBoolean(9), Instant(reader, 10), Instant(reader, 12), reader.GetGuid(11));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            byId[reader.GetGuid(0)].Stored = StoredProfileRow.Read(reader, 1);
    }

    private static async Task ReadHistoryAsync(
        NpgsqlConnection connection, Draft[] drafts, Dictionary<Guid, Draft> byId, Needs needs, CancellationToken cancellationToken)
    {
        var ids = drafts.Select(d => d.Profile).ToArray();
        var identities = drafts.SelectMany(d => d.Identities).Distinct().ToArray();
        var gained = drafts.SelectMany(d => d.GainedFrom).Distinct().ToArray();
        var moved = drafts.SelectMany(d => d.Gained.Concat(d.Lost)).Distinct().ToArray();
        var lost = drafts.SelectMany(d => d.Lost).Distinct().ToArray();
        var parts = new List<(Guid Order, OrderPart Part)>();
        // Only what can have an answer is asked: a statement costs its planning even when it finds nothing.
        var reads = new List<(NpgsqlBatchCommand Command, Action<NpgsqlDataReader> Row)>();
        if (needs.Kinds.Count > 0 && identities.Length > 0)
            reads.Add((EventsOf(drafts, needs), row => drafts[row.GetInt32(0)].AddEvent(row.GetGuid(5), new EventFact(
                new EventKey(row.GetGuid(1)), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), At(row, 4),
                EventContentJson.ReadContent(row.GetString(6)), row.IsDBNull(7) ? null : Json(row.GetString(7))))));
        if (needs.Orders)
            reads.Add((Command(OrdersSql, Array(identities)), row => parts.Add((row.GetGuid(0), OrderPartRow.Read(row, 1)))));
        reads.Add((Command(AttributesSql, Array(identities)), row =>
        {
            var attribute = new AttributeFact(row.GetString(1), Json(row.GetString(2)), At(row, 3), new EventKey(row.GetGuid(4)), row.GetBoolean(5), row.GetString(6));
            foreach (var draft in drafts)
                draft.AddAttribute(row.GetGuid(0), attribute);
        }
        ));
        reads.Add((Command(ListsSql, Array(identities)), row =>
        {
            foreach (var draft in drafts)
                draft.AddList(row.GetGuid(0), new AudienceId(row.GetGuid(1)), At(row, 2));
        }
        ));
        reads.Add((Command(MembersSql, Array(ids)), row => byId[row.GetGuid(0)].Members[row.GetGuid(1)] = new StoredMembership(At(row, 2), Instant(row, 3), row.GetInt32(4))));
        reads.Add((Command(LastLoggedSql, Array(ids)), row => byId[row.GetGuid(0)].LastLogged[row.GetGuid(1)] = At(row, 2)));
        if (gained.Length > 0)
            reads.Add((Command(InheritedSql, Array(gained)), row =>
            {
                foreach (var draft in drafts)
                    draft.Inherit(row.GetGuid(0), row.GetGuid(1), At(row, 2));
            }
            ));
        if (lost.Length > 0)
            reads.Add((Command(LostSql, Array(lost)), row =>
            {
                foreach (var draft in drafts)
                    draft.LoseTo(row.GetGuid(0), row.GetGuid(1));
            }
            ));
        if (moved.Length > 0)
            reads.Add((Command(LinkedSql, Array(moved)), row =>
            {
                foreach (var draft in drafts)
                    draft.Link(row.GetGuid(0), At(row, 1));
            }
            ));
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (command, _) in reads)
            batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var (_, row) in reads)
        {
            while (await reader.ReadAsync(cancellationToken))
                row(reader);
            await reader.NextResultAsync(cancellationToken);
        }

        foreach (var order in parts.GroupBy(p => p.Order))
            AssignOrder([.. order.Select(p => p.Part)], drafts);
    }

    private static NpgsqlBatchCommand EventsOf(Draft[] drafts, Needs needs) => Command(
        EventsSql, new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer, Value = drafts.Select(d => d.Number).ToArray() },
        new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = drafts.Select(d => "{" + string.Join(',', d.Identities) + "}").ToArray() },
        new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = needs.Kinds.Select(k => k.ToLowerInvariant()).ToArray() },
        new() { Value = MaxEvents + 1 }, new() { Value = needs.Bodies },
        new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = drafts.Min(d => d.OccurredFrom) },
        new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = drafts.Max(d => d.OccurredTo) });

    /// <summary>An order is that of its latest back-office event with an identity, else of its earliest storefront purchase.</summary>
    private static void AssignOrder(IReadOnlyList<OrderPart> parts, Draft[] drafts)
    {
        var owner = parts.LastOrDefault(p => p.BackOffice && p.HasIdentity) ?? parts.FirstOrDefault(p => !p.BackOffice) ?? parts[0];
        foreach (var draft in drafts)
            if (draft.Holds(owner.Identity.Value, owner.CountsAt, owner.Key.Value))
            {
                draft.Orders.Add(new OrderHistory(owner.Content.PurchaseId!, parts));
                return;
            }
    }

    private static async Task ReadKindsOfTruncatedAsync(NpgsqlConnection connection, Draft[] drafts, CancellationToken cancellationToken)
    {
        var truncated = drafts.Where(d => d.IsTruncated).ToArray();
        if (truncated.Length == 0)
            return;
        await using var command = new NpgsqlCommand(KindsSql, connection) { Parameters = { Array([.. truncated.SelectMany(d => d.Identities).Distinct()]) } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            foreach (var draft in truncated)
                draft.AddKind(reader.GetGuid(0), reader.GetString(1), new KindSummary(At(reader, 2), reader.GetInt64(3)));
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, FieldValue>>> ProductsAsync(Draft[] drafts, CancellationToken cancellationToken)
    {
        var skus = drafts.SelectMany(d => d.Skus).ToHashSet();
        return skus.Count == 0 ? new Dictionary<string, IReadOnlyDictionary<string, FieldValue>>() : await catalogue.AttributesAsync(skus, cancellationToken);
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter Array(Guid[] values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = values };

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static DateTimeOffset At(NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    private static DateTimeOffset? Instant(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : At(reader, column);

    private static DateTimeOffset? Finite(DateTimeOffset? at) => at == DateTimeOffset.MinValue ? null : at;

    private static Guid? Nullable(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
}
