using Npgsql;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Access;

/// <summary>What a request was answered with.</summary>
/// <param name="Text">Whatever the one who keeps it needs to give the answer again.</param>
public sealed record KeptAnswer(int Status, string Text);

/// <summary>
/// Answers a repeated request with the answer of the first one: <c>Idempotency-Key</c>, per API key, kept for 24 hours. A request that
/// fails is not kept, and one whose node died may be repeated after a minute: then what it did is found by whatever else makes it unique.
/// </summary>
public sealed class IdempotentRequests(NpgsqlDataSource database, TimeProvider time)
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
    private const string Finish = "update idempotency set status = $4, answer = $5 where key_id = $1 and idempotency_key = $2 and created_at = $3 and status is null";
    private const string Release = "delete from idempotency where key_id = $1 and idempotency_key = $2 and created_at = $3 and status is null";
    private const string DeleteOld = "delete from idempotency where (key_id, idempotency_key) in (select key_id, idempotency_key from idempotency where created_at <= $1 limit 1000)";

    /// <summary>Runs the work, or gives what the same request was answered before.</summary>
    /// <param name="keyId">Whose request it is.</param>
    /// <param name="idempotencyKey">As sent.</param>
    /// <param name="requestHash">Tells this request from others with the same key.</param>
    /// <param name="work">Null when there is no answer to keep, so that the same request may be tried again at once.</param>
    /// <param name="cancellationToken">Ends the waiting before the work begins.</param>
    /// <exception cref="ProblemException">422 <c>idempotency.otherBody</c>, 409 <c>idempotency.running</c>, 400 <c>idempotency.badKey</c>.</exception>
    public async Task<KeptAnswer?> OnceAsync(
        string keyId, string idempotencyKey, byte[] requestHash, Func<Task<KeptAnswer?>> work, CancellationToken cancellationToken)
    {
        if (idempotencyKey.Length > LongestKey || idempotencyKey.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0)
            throw ProblemException.Invalid("idempotency.badKey", $"{Header} has at most {LongestKey} printable ASCII characters.");

        var now = time.GetUtcNow();
        // The instant is this attempt's ticket, so it must survive the database's microseconds unchanged.
        var claimedAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        if (!await RunAsync(Claim, cancellationToken, keyId, idempotencyKey, requestHash, claimedAt, claimedAt - Kept, claimedAt - AttemptDies))
            return await AnsweredAsync(keyId, idempotencyKey, requestHash, cancellationToken);

        KeptAnswer? answer = null;
        try
        {
            answer = await work();
        }
        finally
        {
            if (answer is null)
                await RunAsync(Release, CancellationToken.None, keyId, idempotencyKey, claimedAt);
        }

        if (answer is not null)
            await RunAsync(Finish, CancellationToken.None, keyId, idempotencyKey, claimedAt, answer.Status, answer.Text);
        return answer;
    }

    /// <summary>The retention duty: deletes up to a thousand answers older than 24 hours; returns how many.</summary>
    public async Task<int> DeleteExpiredOnceAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(DeleteOld, time.GetUtcNow() - Kept);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<KeptAnswer> AnsweredAsync(string keyId, string idempotencyKey, byte[] hash, CancellationToken cancellationToken)
    {
        await using var command = Command(Known, keyId, idempotencyKey);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw Running();
        if (!reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(hash))
            throw new ProblemException(422, "idempotency.otherBody", $"This {Header} was used with another body; a new request needs a new one.");
        return await reader.IsDBNullAsync(1, cancellationToken) ? throw Running() : new(reader.GetInt32(1), reader.GetString(2));
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
}
