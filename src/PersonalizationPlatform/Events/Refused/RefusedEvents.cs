using System.Data;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Refused;

/// <summary>One event that could not be stored, before it is kept.</summary>
public sealed record RefusedEvent(EventDoor Door, string Code, string Detail, Arrival Arrival);

/// <summary>One kept refused event, as it reached its door and with what the door knew beside it.</summary>
public sealed record KeptRefusedEvent(long Id, DateTimeOffset ReceivedAt, EventDoor Door, string Code, string Detail, Arrival Arrival)
{
    /// <summary>The bytes as they were sent.</summary>
    public byte[] Body => (Arrival.Sent ?? Arrival.Xdm).ToArray();
}

/// <summary>Keeps what the doors refused, apart from the events, with the reason and everything that running it again needs.</summary>
public sealed class RefusedEvents(NpgsqlDataSource database, IdentityHash hash)
{
    private const string Insert = """
        insert into refused_event (received_at, door, code, detail, body, sent, key_seed, website, identities, correction, identity_ids)
        select $1, door, code, detail, body, sent, key_seed, website, identities::json, correction, identity_ids::uuid[]
        from unnest($2::smallint[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::text[], $8::text[], $9::text[], $10::interval[], $11::text[]) with ordinality
            as r(door, code, detail, body, sent, key_seed, website, identities, correction, identity_ids, n)
        order by n
        """;

    private const string Columns = "id, received_at, door, code, detail, body, sent, key_seed, website, identities, correction";

    private const string Page = $"""
        select {Columns} from refused_event
        where ($1::bigint is null or id < $1) and ($2::text is null or code = $2)
        order by id desc limit $3
        """;

    private const string One = $"select {Columns} from refused_event where id = $1";
    private const string Update = "update refused_event set code = $2, detail = $3 where id = $1";
    private const string Delete = "delete from refused_event where id = $1";
    private const string DeleteOld = "delete from refused_event where id = any(array(select id from refused_event where received_at < $1 order by received_at limit 1000))";
    private const string DeleteOf = "delete from refused_event where identity_ids && $1";

    /// <summary>Keeps a batch's refused events in one statement.</summary>
    public async Task AddAsync(IReadOnlyList<RefusedEvent> refused, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = receivedAt });
        command.Parameters.Add(new() { Value = refused.Select(r => (short)r.Door).ToArray() });
        command.Parameters.Add(new() { Value = refused.Select(r => r.Code).ToArray() });
        command.Parameters.Add(new() { Value = refused.Select(r => r.Detail).ToArray() });
        Add(NpgsqlDbType.Bytea, r => r.Arrival.Xdm.ToArray());
        Add(NpgsqlDbType.Bytea, r => r.Arrival.Sent?.ToArray());
        Add(NpgsqlDbType.Text, r => r.Arrival.KeySeed);
        Add(NpgsqlDbType.Text, r => r.Arrival.Website);
        Add(NpgsqlDbType.Text, r => r.Arrival.Identities is { } known ? JsonSerializer.Serialize(known.Select(i => new NamedIdentity(i.Namespace, i.Value)), JsonSerializerOptions.Web) : null);
        Add(NpgsqlDbType.Interval, r => r.Arrival.Correction);
        Add(NpgsqlDbType.Text, r => $"{{{string.Join(',', About(r.Arrival))}}}");
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Add<T>(NpgsqlDbType type, Func<RefusedEvent, T> read) =>
            command.Parameters.Add(new() { Value = refused.Select(read).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    /// <summary>Newest first, at most <paramref name="limit"/>, those before an id and of one code where given.</summary>
    public async Task<IReadOnlyList<KeptRefusedEvent>> ListAsync(long? before, string? code, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Page);
        command.Parameters.Add(new() { Value = (object?)before ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (object?)code ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var kept = new List<KeptRefusedEvent>();
        while (await reader.ReadAsync(cancellationToken))
            kept.Add(Read(reader));
        return kept;
    }

    public async Task<KeptRefusedEvent?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(One);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Notes why a retry was refused.</summary>
    public Task RefuseAgainAsync(long id, string code, string detail, CancellationToken cancellationToken) => RunAsync(Update, cancellationToken, id, code, detail);

    public Task RemoveAsync(long id, CancellationToken cancellationToken) => RunAsync(Delete, cancellationToken, id);

    /// <summary>The retention duty: deletes up to a thousand received before an instant; returns how many, so that it is repeated until 0.</summary>
    public Task<int> DeleteOlderThanOnceAsync(DateTimeOffset before, CancellationToken cancellationToken) => RunAsync(DeleteOld, cancellationToken, before);

    /// <summary>Part of erasing a person: deletes every refused event that may be about one of these, inside the caller's transaction.</summary>
    public static async Task<int> DeleteOfAsync(NpgsqlConnection connection, IReadOnlyCollection<IdentityId> identities, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(DeleteOf, connection);
        command.Parameters.Add(new() { Value = identities.Select(i => i.Value).ToArray() });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<int> RunAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whom it may be about, so that erasing them finds it.</summary>
    private IEnumerable<IdentityId> About(Arrival arrival) =>
        IdentityScan.Of(arrival.Xdm).Concat(arrival.Sent is { } sent ? IdentityScan.Of(sent) : []).Concat(arrival.Identities ?? []).Select(hash.Of).Distinct();

    private static KeptRefusedEvent Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), (EventDoor)row.GetInt16(2), row.GetString(3), row.GetString(4), new Arrival(row.GetFieldValue<byte[]>(5))
        {
            Sent = row.IsDBNull(6) ? (ReadOnlyMemory<byte>?)null : row.GetFieldValue<byte[]>(6),
            KeySeed = row.IsDBNull(7) ? null : row.GetString(7),
            Website = row.IsDBNull(8) ? null : row.GetString(8),
            Identities = row.IsDBNull(9) ? null : Identities(row.GetString(9)),
            Correction = row.IsDBNull(10) ? null : row.GetTimeSpan(10),
        });

    private static List<Identity> Identities(string json)
    {
        var identities = new List<Identity>();
        foreach (var kept in JsonSerializer.Deserialize<NamedIdentity[]>(json, JsonSerializerOptions.Web)!)
            if (Identity.TryCreate(kept.Namespace, kept.Id, out var identity))
                identities.Add(identity);
        return identities;
    }

    private sealed record NamedIdentity(string Namespace, string Id);
}
