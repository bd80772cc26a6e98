using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Websites;

/// <summary>A website as it is kept.</summary>
public sealed class StoredWebsite
{
    public required string Code { get; init; }

    /// <summary>What other systems call it; unique.</summary>
    public int Number { get; set; }
    public string Name { get; set; } = "";

    /// <summary>ISO 4217; null = the shop's.</summary>
    public string? Currency { get; set; }

    /// <summary>IANA; null = UTC.</summary>
    public string? TimeZone { get; set; }

    /// <summary>A JSON list of <see cref="StoreView"/>.</summary>
    public string StoreViews { get; set; } = "[]";

    /// <summary><see cref="CartRuleSettings"/> as JSON.</summary>
    public string CartRules { get; set; } = "{}";

    /// <summary><see cref="RelatedProductSettings"/> as JSON.</summary>
    public string RelatedProducts { get; set; } = "{}";
    public int Version { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class StoredWebsiteTable : IEntityTypeConfiguration<StoredWebsite>
{
    public void Configure(EntityTypeBuilder<StoredWebsite> builder)
    {
        builder.ToTable("website");
        builder.HasKey(website => website.Code);
        builder.HasIndex(website => website.Number).IsUnique();
        builder.Property(website => website.Code).HasColumnName("code");
        builder.Property(website => website.Number).HasColumnName("number");
        builder.Property(website => website.Name).HasColumnName("name");
        builder.Property(website => website.Currency).HasColumnName("currency");
        builder.Property(website => website.TimeZone).HasColumnName("time_zone");
        builder.Property(website => website.StoreViews).HasColumnName("store_views").HasColumnType("json");
        builder.Property(website => website.CartRules).HasColumnName("cart_rules").HasColumnType("json");
        builder.Property(website => website.RelatedProducts).HasColumnName("related_products").HasColumnType("json");
        builder.Property(website => website.Version).HasColumnName("version");
        builder.Property(website => website.UpdatedAt).HasColumnName("updated_at");
    }
}

/// <summary>A customer group as it is kept.</summary>
public sealed class StoredCustomerGroup
{
    /// <summary>0 = not logged in.</summary>
    public required int Number { get; init; }

    /// <summary>Unique.</summary>
    public required string Code { get; set; }
    public int Version { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class StoredCustomerGroupTable : IEntityTypeConfiguration<StoredCustomerGroup>
{
    public void Configure(EntityTypeBuilder<StoredCustomerGroup> builder)
    {
        builder.ToTable("customer_group");
        builder.HasKey(group => group.Number);
        builder.HasIndex(group => group.Code).IsUnique();
        builder.Property(group => group.Number).HasColumnName("number").ValueGeneratedNever();
        builder.Property(group => group.Code).HasColumnName("code");
        builder.Property(group => group.Version).HasColumnName("version");
        builder.Property(group => group.UpdatedAt).HasColumnName("updated_at");
    }
}
