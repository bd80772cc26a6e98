using Npgsql;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Profiles;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>Lists and counts members from the stored memberships, those whose time has passed left out.</summary>
public sealed class Members(NpgsqlDataSource database, TimeProvider time)
{
    private const string SegmentSql = "select id, version, filled_epoch >= changed_epoch from segment where id::text = $1 or key = $1 order by id::text = $1 desc limit 1";

    private const string CountSql = "select count(*) from membership where segment_id = $1 and (until is null or until > $2)";

    private const string PageSql = $"""
        with page as (
            select profile_id, since, until from membership
            where segment_id = $1 and (until is null or until > $2) and profile_id > $3 order by profile_id limit $4
        ),
        owner as (select profile_id from page),
        {ProfileSpans.SpansAndPairs}
        select p.profile_id, p.since, p.until,
            array(select i.namespace from span s join identity i on i.identity_id = s.identity_id
                where s.profile_id = p.profile_id and s.until_at is null and i.value is not null order by i.identity_id),
            array(select i.value from span s join identity i on i.identity_id = s.identity_id
                where s.profile_id = p.profile_id and s.until_at is null and i.value is not null order by i.identity_id)
        from page p order by p.profile_id
        """;

    /// <summary>One page. Count and list are read in one snapshot.</summary>
    public async Task<MemberPage> PageAsync(string segment, PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.After() is { } cursor && Guid.TryParse(cursor, out var id) ? id : Guid.Empty;
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var (segmentId, version, filled) = await FindAsync(connection, segment, cancellationToken);
        await using var count = new NpgsqlCommand(CountSql, connection) { Parameters = { new() { Value = segmentId }, new() { Value = now } } };
        var all = (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        var rows = new List<Member>();
        await using (var list = new NpgsqlCommand(PageSql, connection)
        {
            Parameters = { new() { Value = segmentId }, new() { Value = now }, new() { Value = after }, new() { Value = page.Rows } },
        })
        await using (var reader = await list.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(new Member(
                    reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
                    [.. reader.GetFieldValue<string[]>(3).Zip(reader.GetFieldValue<string[]>(4), (ns, value) => new MemberIdentity(ns, value))]));
        var made = page.Of(rows, m => m.Profile.ToString(), m => m);
        return new MemberPage(all, version, filled, made.Items, made.NextCursor);
    }

    private static async Task<(Guid Id, int Version, bool Filled)> FindAsync(NpgsqlConnection connection, string segment, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand(SegmentSql, connection) { Parameters = { new() { Value = segment } } };
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetGuid(0), reader.GetInt32(1), reader.GetBoolean(2))
            : throw ProblemException.NotFound($"segment \"{segment}\"");
    }
}
