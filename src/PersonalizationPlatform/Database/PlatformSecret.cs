using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;

namespace PersonalizationPlatform.Database;

/// <summary>A secret of this installation, made once and shared by every node.</summary>
public sealed class PlatformSecret
{
    public required string Name { get; init; }
    public required byte[] Value { get; init; }

    /// <summary>Reads the secret, making it first if there is none. Nodes that start together get the same one.</summary>
    internal static async Task<byte[]> ReadOrMakeAsync(NpgsqlDataSource database, string name, CancellationToken cancellationToken)
    {
        const string make = "insert into platform_secret (name, value) values ($1, $2) on conflict do nothing";
        const string read = "select value from platform_secret where name = $1";
        await using (var insert = database.CreateCommand(make))
        {
            insert.Parameters.Add(new() { Value = name });
            insert.Parameters.Add(new() { Value = RandomNumberGenerator.GetBytes(32) });
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var select = database.CreateCommand(read);
        select.Parameters.Add(new() { Value = name });
        return (byte[])(await select.ExecuteScalarAsync(cancellationToken))!;
    }
}

internal sealed class PlatformSecretTable : IEntityTypeConfiguration<PlatformSecret>
{
    public void Configure(EntityTypeBuilder<PlatformSecret> builder)
    {
        builder.ToTable("platform_secret");
        builder.HasKey(secret => secret.Name);
        builder.Property(secret => secret.Name).HasColumnName("name");
        builder.Property(secret => secret.Value).HasColumnName("value");
    }
}
