using Npgsql;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>
/// The public key of the demo storefront's pages. Keys are stored as hashes only, so this one follows from a secret of the installation:
/// every node knows it at any time. Whoever revokes it shuts the demo storefront.
/// </summary>
internal sealed class DemoKey(NpgsqlDataSource database, ApiKeys keys, TimeProvider time)
{
    private static readonly Guid Id = new("00000000-0000-7000-8000-000000000003");

    private volatile string? text;

    /// <summary>404 <c>demo.keyRevoked</c> when it may not be used any more.</summary>
    public async ValueTask<string> ReadAsync(CancellationToken cancellationToken)
    {
        var key = text ??= await EnsureAsync(cancellationToken);
        return await keys.FindAsync(key, cancellationToken) is not null
            ? key
            : throw new ProblemException(404, "demo.keyRevoked", "The demo storefront's key has been revoked, so it is closed.");
    }

    /// <summary>Made when somebody first visits: a key that is there at the first start would stand for the one the start tells.</summary>
    private async Task<string> EnsureAsync(CancellationToken cancellationToken)
    {
        const string write = """
            insert into api_key (id, name, kind, scopes, website, hash, prefix, created_at)
            values ($1, 'Demo storefront', 'public', $2, 'base', $3, $4, $5)
            on conflict do nothing
            """;
        var key = "pk_demo_" + Convert.ToHexStringLower(await PlatformSecret.ReadOrMakeAsync(database, "demo-storefront-key", cancellationToken));
        await using var command = database.CreateCommand(write);
        command.Parameters.Add(new() { Value = Id });
        command.Parameters.Add(new() { Value = new[] { Scopes.Collect, Scopes.Decide } });
        command.Parameters.Add(new() { Value = KeyText.Hash(key) });
        command.Parameters.Add(new() { Value = KeyText.Prefix(key) });
        command.Parameters.Add(new() { Value = time.Now() });
        if (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
            keys.Forget();
        return key;
    }
}
