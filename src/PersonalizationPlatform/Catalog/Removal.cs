using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Catalog;

/// <summary>Tells the copies in memory that something is gone. What has come again is newer than its removal.</summary>
internal sealed class Removal
{
    public const string Product = "product";
    public const string Category = "category";
    public const string Attribute = "attribute";

    public required string Kind { get; init; }
    public required string Key { get; init; }
    public long Change { get; init; }
}

internal sealed class RemovalTable : IEntityTypeConfiguration<Removal>
{
    public void Configure(EntityTypeBuilder<Removal> builder)
    {
        builder.ToTable("catalogue_removal");
        builder.HasKey(removal => new { removal.Kind, removal.Key });
        builder.HasIndex(removal => removal.Change);
        builder.Property(removal => removal.Kind).HasColumnName("kind");
        builder.Property(removal => removal.Key).HasColumnName("key");
        builder.Property(removal => removal.Change).HasColumnName("change");
    }
}
