using System.Security.Cryptography;
using Npgsql;
using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Access;

/// <summary>What a request needs to know about its key.</summary>
internal sealed record KnownKey(Guid Id, KeyKind Kind, IReadOnlyList<string> Scopes, string? Website, byte[] Hash, DateTimeOffset? ExpiresAt);

/// <summary>
/// The keys in force, in memory. A key revoked on another node stops working within a second, on this one at once; only while the
/// database does not answer, and so gives nothing away either, the last known keys go on for a minute.
/// </summary>
public sealed class ApiKeys
{
    /// <summary>How old the copy in memory may be.</summary>
    public static readonly TimeSpan Staleness = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource database;
    private readonly TimeProvider time;
    private readonly SharedCopy<Dictionary<long, KnownKey>> copy;

    public ApiKeys(NpgsqlDataSource database, TimeProvider time)
    {
        (this.database, this.time) = (database, time);
        copy = new(QueryAsync, Staleness, Lasting, time);
    }

    /// <summary>The key in force with this text, or null.</summary>
    internal async ValueTask<KnownKey?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var keys = await copy.GetAsync(cancellationToken);
        var hash = KeyText.Hash(key);
        // The look-up is by a part of the hash, which tells nobody anything about the key; the comparison takes constant time.
        return keys.TryGetValue(BitConverter.ToInt64(hash), out var known) && CryptographicOperations.FixedTimeEquals(known.Hash, hash)
            && !(known.ExpiresAt <= time.GetUtcNow()) ? known : null;
    }

    /// <summary>Forgets the copy: a key was made or revoked here.</summary>
    public void Forget() => copy.Forget();

    private async Task<Dictionary<long, KnownKey>> QueryAsync(CancellationToken cancellationToken)
    {
        const string keysInForce = "select id, kind, scopes, website, hash, expires_at from api_key where revoked_at is null";
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

        return keys;
    }
}
