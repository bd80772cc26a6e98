using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>Content that a page shows to some shoppers, or to all.</summary>
public sealed class DynamicBlock
{
    public Guid Id { get; init; }

    /// <summary>Unique over all blocks, archived ones included; never the name of a location.</summary>
    public required string Key { get; set; }
    public required string Name { get; set; }

    /// <summary>Only live blocks are shown.</summary>
    public DefinitionStatus Status { get; set; }

    /// <summary>Goes up with every change; the ETag.</summary>
    public int Version { get; set; }

    /// <summary>Names of <see cref="BlockLocation"/>s in lower case; a block without one is only shown when asked for by its key.</summary>
    public string[] Locations { get; set; } = [];

    /// <summary>A JSON object: store view code, or <c>default</c>, to HTML or Liquid; an empty text hides the block there.</summary>
    public required string Contents { get; set; }
    public BlockTemplate Template { get; set; }

    /// <summary>A shopper needs to be in one of these, and in one of <see cref="Audiences"/> where there are some; both empty = everybody.</summary>
    public Guid[] Segments { get; set; } = [];
    public Guid[] Audiences { get; set; } = [];

    /// <summary>Shown only while one of these, or of the other kind, applies; both empty = whether or not any does.</summary>
    public Guid[] CartRules { get; set; } = [];

    /// <inheritdoc cref="CartRules"/>
    public Guid[] CatalogRules { get; set; } = [];

    /// <summary>Shown from this instant on, it included.</summary>
    public DateTimeOffset? StartsAt { get; set; }

    /// <summary>Not shown from this instant on.</summary>
    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>Lower comes first.</summary>
    public int Priority { get; set; }

    /// <summary>Null = every website.</summary>
    public string? Website { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>What the contents of a block are.</summary>
public enum BlockTemplate
{
    /// <summary>HTML, given out as it is.</summary>
    Html,

    /// <summary>Liquid, rendered for each shopper.</summary>
    Liquid,
}

/// <summary>The places of a page, as Adobe Commerce names them.</summary>
public enum BlockLocation
{
    Content,
    Header,
    Footer,
    Left,
    Right,
}

internal sealed class DynamicBlockTable : IEntityTypeConfiguration<DynamicBlock>
{
    public void Configure(EntityTypeBuilder<DynamicBlock> builder)
    {
        builder.ToTable("dynamic_block");
        builder.HasKey(block => block.Id);
        builder.HasIndex(block => block.Key).IsUnique();
        builder.Property(block => block.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(block => block.Key).HasColumnName("key");
        builder.Property(block => block.Name).HasColumnName("name");
        builder.Property(block => block.Status).HasColumnName("status").HasConversion(
            status => status.ToString().ToLowerInvariant(), text => Enum.Parse<DefinitionStatus>(text, true));
        builder.Property(block => block.Version).HasColumnName("version");
        builder.Property(block => block.Locations).HasColumnName("locations").HasColumnType("text[]");
        builder.Property(block => block.Contents).HasColumnName("contents").HasColumnType("json");
        builder.Property(block => block.Segments).HasColumnName("segments").HasColumnType("uuid[]");
        builder.Property(block => block.Audiences).HasColumnName("audiences").HasColumnType("uuid[]");
        builder.Property(block => block.Template).HasColumnName("template").HasDefaultValue(BlockTemplate.Html).HasConversion(
            template => template.ToString().ToLowerInvariant(), text => Enum.Parse<BlockTemplate>(text, true));
        builder.Property(block => block.CartRules).HasColumnName("cart_rules").HasColumnType("uuid[]").HasDefaultValueSql("'{}'");
        builder.Property(block => block.CatalogRules).HasColumnName("catalog_rules").HasColumnType("uuid[]").HasDefaultValueSql("'{}'");
        builder.Property(block => block.StartsAt).HasColumnName("starts_at");
        builder.Property(block => block.EndsAt).HasColumnName("ends_at");
        builder.Property(block => block.Priority).HasColumnName("priority");
        builder.Property(block => block.Website).HasColumnName("website");
        builder.Property(block => block.CreatedAt).HasColumnName("created_at");
        builder.Property(block => block.UpdatedAt).HasColumnName("updated_at");
    }
}
