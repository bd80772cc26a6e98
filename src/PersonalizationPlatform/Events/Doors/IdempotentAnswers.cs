using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>
/// Answers a repeated request with the answer of the first one: <c>Idempotency-Key</c>, per API key, kept for 24 hours. It only
/// spares work and gives the same numbers again; that nothing is stored twice rests on the events' own keys.
/// </summary>
public sealed class IdempotentAnswers(NpgsqlDataSource database, TimeProvider time)
{
    public const string Header = "Idempotency-Key";
    private const int LongestKey = 255;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>After this long without an answer the first attempt is taken to have died, and a repeat may run.</summary>
    private static readonly TimeSpan AttemptDies = TimeSpan.FromMinutes(1);

    private const string Claim = """
        insert into idempotency as i (key_id, idempotency_key, request_hash, created_at) values ($1, $2, $3, $4)
        on conflict (key_id, idempotency_key) do update
            set request_hash = excluded.request_hash, status = null, answer = null, created_at = excluded.created_at
            where i.created_at <= $5 or (i.status is null and i.created_at <= $6 and i.request_hash = excluded.request_hash)
        returning 1
        """;

    private const string Known = "select request_hash, status, answer from idempotency where key_id = $1 and idempotency_key = $2";
    private const string Finish = "update idempotency set status = 202, answer = $4 where key_id = $1 and idempotency_key = $2 and created_at = $3 and status is null";
    private const string Release = "delete from idempotency where key_id = $1 and idempotency_key = $2 and created_at = $3 and status is null";
    private const string DeleteOld = "delete from idempotency where (key_id, idempotency_key) in (select key_id, idempotency_key from idempotency where created_at <= $1 limit 1000)";

    /// <summary>Runs the work, or answers as it was answered before. Without a key it simply runs.</summary>
    /// <exception cref="ProblemException">422 <c>idempotency.otherBody</c>, 409 <c>idempotency.running</c>, 400 <c>idempotency.badKey</c>.</exception>
    public async Task<CollectionAnswer> OnceAsync(
        string keyId, string? idempotencyKey, EventDoor door, string? format, ReadOnlyMemory<byte> body, Func<Task<CollectionAnswer>> work, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(idempotencyKey))
            return await work();
        if (idempotencyKey.Length > LongestKey || idempotencyKey.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0)
            throw ProblemException.Invalid("idempotency.badKey", $"{Header} has at most {LongestKey} printable ASCII characters.");

        var hash = Hash(door, format, body.Span);
        var now = time.GetUtcNow();
        // The instant is this attempt's ticket, so it must survive the database's microseconds unchanged.
        var claimedAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        if (!await RunAsync(Claim, cancellationToken, keyId, idempotencyKey, hash, claimedAt, claimedAt - Kept, claimedAt - AttemptDies))
            return await AnsweredAsync(keyId, idempotencyKey, hash, cancellationToken);

        CollectionAnswer answer;
        try
        {
            answer = await work();
        }
        catch
        {
            // Nothing was answered, so the same request may be tried again at once.
            await RunAsync(Release, CancellationToken.None, keyId, idempotencyKey, claimedAt);
            throw;
        }

        await RunAsync(Finish, CancellationToken.None, keyId, idempotencyKey, claimedAt, JsonSerializer.Serialize(answer, JsonSerializerOptions.Web));
        return answer;
    }

    /// <summary>The retention duty: deletes up to a thousand answers older than 24 hours; returns how many.</summary>
    public async Task<int> DeleteExpiredOnceAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(DeleteOld, time.GetUtcNow() - Kept);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<CollectionAnswer> AnsweredAsync(string keyId, string idempotencyKey, byte[] hash, CancellationToken cancellationToken)
    {
        await using var command = Command(Known, keyId, idempotencyKey);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw Running();
        if (!reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(hash))
            throw new ProblemException(422, "idempotency.otherBody", $"This {Header} was used with another body; a new request needs a new one.");
        if (await reader.IsDBNullAsync(1, cancellationToken))
            throw Running();
        return JsonSerializer.Deserialize<CollectionAnswer>(reader.GetString(2), JsonSerializerOptions.Web)!;
    }

    private static ProblemException Running() =>
        new(409, "idempotency.running", $"The first request with this {Header} has not been answered yet.") { RetryAfterSeconds = 1 };

    private async Task<bool> RunAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    /// <summary>The same bytes are another request at another door, or where they are read as something else.</summary>
    private static byte[] Hash(EventDoor door, string? format, ReadOnlySpan<byte> body)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData([(byte)door]);
        if (format is not null)
            sha.AppendData(Encoding.UTF8.GetBytes(format + "\n"));
        sha.AppendData(body);
        return sha.GetHashAndReset();
    }
}
