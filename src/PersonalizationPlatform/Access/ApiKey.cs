using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Access;

/// <summary>Who holds a key: anybody who looks into a page (public), or a server (secret).</summary>
public enum KeyKind
{
    Public,
    Secret,
}

/// <summary>A key by which a caller is known. The key itself is not kept, only its SHA-256.</summary>
public sealed class ApiKey
{
    public required Guid Id { get; init; }

    /// <summary>What people call it, e.g. where it is used.</summary>
    public required string Name { get; init; }
    public required KeyKind Kind { get; init; }

    /// <summary>What it may do: some of <see cref="Scopes.Collect"/>, <see cref="Scopes.Decide"/>, <see cref="Scopes.Admin"/>, <see cref="Scopes.Export"/>.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>The website of events that do not name one themselves.</summary>
    public string? Website { get; init; }

    /// <summary>SHA-256 of the key. The keys have 256 random bits, so a slow hash would add nothing.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The first characters, to recognise it by.</summary>
    public required string Prefix { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }
}

internal sealed class ApiKeyTable : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_key");
        builder.HasKey(key => key.Id);
        builder.HasIndex(key => key.Hash).IsUnique();
        builder.Property(key => key.Id).HasColumnName("id");
        builder.Property(key => key.Name).HasColumnName("name");
        builder.Property(key => key.Kind).HasColumnName("kind")
            .HasConversion(kind => kind == KeyKind.Public ? "public" : "secret", text => text == "public" ? KeyKind.Public : KeyKind.Secret);
        builder.Property(key => key.Scopes).HasColumnName("scopes");
        builder.Property(key => key.Website).HasColumnName("website");
        builder.Property(key => key.Hash).HasColumnName("hash");
        builder.Property(key => key.Prefix).HasColumnName("prefix");
        builder.Property(key => key.CreatedAt).HasColumnName("created_at");
        builder.Property(key => key.ExpiresAt).HasColumnName("expires_at");
        builder.Property(key => key.RevokedAt).HasColumnName("revoked_at");
    }
}
