using System.Security.Cryptography;
using Npgsql;

namespace PersonalizationPlatform.Access;

/// <summary>What a request needs to know about its key.</summary>
internal sealed record KnownKey(Guid Id, KeyKind Kind, IReadOnlyList<string> Scopes, string? Website, byte[] Hash, DateTimeOffset? ExpiresAt);

/// <summary>
/// The keys in force, in memory: read whole and at most once a second, so that neither good keys nor guessed ones cost a
/// query each. A key revoked on another node stops working within that second, on this one at once.
/// </summary>
public sealed class ApiKeys(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>How old the copy in memory may be.</summary>
    public static readonly TimeSpan Staleness = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim reading = new(1);
    private volatile Copy? copy;
    private int generation;

    /// <summary>The key in force with this text, or null.</summary>
    internal async ValueTask<KnownKey?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var keys = Current() ?? await ReadAsync(cancellationToken);
        var hash = KeyText.Hash(key);
        // The look-up is by a part of the hash, which tells nobody anything about the key; the comparison takes constant time.
        return keys.ByHash.TryGetValue(BitConverter.ToInt64(hash), out var known) && CryptographicOperations.FixedTimeEquals(known.Hash, hash)
            && !(known.ExpiresAt <= time.GetUtcNow()) ? known : null;
    }

    /// <summary>Forgets the copy: a key was made or revoked here.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref generation);
        copy = null;
    }

    private Copy? Current() => copy is { } current && time.GetElapsedTime(current.ReadAt) < Staleness ? current : null;

    private async Task<Copy> ReadAsync(CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (Current() is { } current)
                return current;
            var seen = Volatile.Read(ref generation);
            var read = await QueryAsync(cancellationToken);
            // A copy read while a key was being revoked may still have it: used once, not kept.
            if (seen == Volatile.Read(ref generation))
                copy = read;
            return read;
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task<Copy> QueryAsync(CancellationToken cancellationToken)
    {
        const string keysInForce = "select id, kind, scopes, website, hash, expires_at from api_key where revoked_at is null";
        var readAt = time.GetTimestamp();
        var keys = new Dictionary<long, KnownKey>();
        await using var command = database.CreateCommand(keysInForce);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var hash = reader.GetFieldValue<byte[]>(4);
            keys[BitConverter.ToInt64(hash)] = new KnownKey(
                reader.GetGuid(0), reader.GetString(1) == "public" ? KeyKind.Public : KeyKind.Secret, reader.GetFieldValue<string[]>(2),
                await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetString(3), hash,
                await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(5));
        }

        return new Copy(keys, readAt);
    }

    private sealed record Copy(Dictionary<long, KnownKey> ByHash, long ReadAt);
}
