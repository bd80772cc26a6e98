using Npgsql;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>One row of the membership log.</summary>
/// <param name="Position">Strictly increasing; a follower that has seen one has seen all before it.</param>
/// <param name="Change"><c>entered</c>, <c>left</c>, or <c>erased</c> for a profile that is gone.</param>
/// <param name="At">The exact instant of the flip.</param>
/// <param name="RecordedAt">When it was found.</param>
/// <param name="Cause"><c>event</c>, <c>time</c>, <c>profile</c>, <c>definition</c>, <c>link</c>, <c>list</c>, <c>lateEvent</c>, <c>firstFill</c> or <c>erasure</c>.</param>
/// <param name="Event">The <c>_id</c> of the event that decided, or its key.</param>
/// <param name="OtherProfile">With cause <c>link</c>: the profile the identity came from or went to.</param>
/// <param name="Since">With <paramref name="CarriedOver"/>: since when the other profile had been a member.</param>
/// <param name="CarriedOver">The person was a member already under another profile: nothing downstream should fire twice.</param>
/// <param name="FirstFill">Found while a new definition was filled: nothing happened just now.</param>
/// <param name="Version">The definition's version it was judged under.</param>
public sealed record LoggedChange(
    long Position, Guid? Profile, Guid? Segment, string Change, DateTimeOffset At, DateTimeOffset RecordedAt, string Cause, string? Event,
    Guid? OtherProfile, DateTimeOffset? Since, bool CarriedOver, bool FirstFill, int Version);

/// <summary>Reads the log of who entered and left.</summary>
public sealed class MembershipLog(NpgsqlDataSource database)
{
    private const string Columns =
        "position, profile_id, segment_id, change, at, recorded_at, cause, coalesce(event_id, event_key::text), other_profile, since, carried_over, first_fill, version";

    private const string AfterSql = $"select {Columns} from membership_log where position > $1 order by position limit $2";

    private const string OfProfileSql = $"select {Columns} from membership_log where profile_id = $1 and position > $2 order by position limit $3";

    /// <summary>The changes after a position, in order. Positions commit in order, so none appears later below one already read.</summary>
    public Task<IReadOnlyList<LoggedChange>> AfterAsync(long position, int limit, CancellationToken cancellationToken) =>
        ReadAsync(AfterSql, cancellationToken, position, limit);

    /// <summary>The changes of one profile.</summary>
    public Task<IReadOnlyList<LoggedChange>> OfProfileAsync(Guid profile, long after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(OfProfileSql, cancellationToken, profile, after, limit);

    private async Task<IReadOnlyList<LoggedChange>> ReadAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<LoggedChange>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new LoggedChange(
                reader.GetInt64(0), Id(reader, 1), Id(reader, 2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetFieldValue<DateTimeOffset>(5), reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7), Id(reader, 8),
                reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9), reader.GetBoolean(10), reader.GetBoolean(11), reader.GetInt32(12)));
        return rows;
    }

    private static Guid? Id(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
}
