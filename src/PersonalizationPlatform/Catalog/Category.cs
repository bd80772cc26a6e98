using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Catalog;

/// <summary>A category as it is kept.</summary>
public sealed class Category
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The category that contains it; null at the top.</summary>
    public string? ParentId { get; init; }
    public int Position { get; init; }
    public bool Active { get; init; }

    /// <summary>The change of the catalogue that wrote it last.</summary>
    public long Change { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

internal sealed class CategoryTable : IEntityTypeConfiguration<Category>
{
    public void Configure(EntityTypeBuilder<Category> builder)
    {
        builder.ToTable("category");
        builder.HasKey(category => category.Id);
        builder.HasIndex(category => category.Change);
        builder.HasIndex(category => category.ParentId);
        builder.Property(category => category.Id).HasColumnName("id");
        builder.Property(category => category.Name).HasColumnName("name");
        builder.Property(category => category.ParentId).HasColumnName("parent_id");
        builder.Property(category => category.Position).HasColumnName("position");
        builder.Property(category => category.Active).HasColumnName("active");
        builder.Property(category => category.Change).HasColumnName("change");
        builder.Property(category => category.UpdatedAt).HasColumnName("updated_at");
    }
}
