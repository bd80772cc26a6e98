using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Catalog;

/// <summary>A product as it is kept.</summary>
public sealed class Product
{
    /// <summary>As the shop spells it; case counts.</summary>
    public required string Sku { get; init; }
    public required string Name { get; set; }

    /// <summary>In <see cref="Currency"/>, or in the website's when that is null.</summary>
    public decimal? Price { get; set; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; set; }

    /// <summary>Ids, names or paths as sent; a path also stands for each of its parts (<see cref="CategoryTexts"/>).</summary>
    public string[] Categories { get; set; } = [];

    /// <summary>A JSON object of scalars and lists of scalars.</summary>
    public string Attributes { get; set; } = "{}";

    /// <summary>A <see cref="ProductDetails"/> as JSON.</summary>
    public string Details { get; set; } = "{}";
    public string? ExternalId { get; set; }

    /// <summary>Not kept: the <see cref="ExternalId"/> says which product this is, and the SKU may be a new one.</summary>
    internal bool IsNamedByExternalId { get; init; }

    /// <summary>The number given with it; once given it stays until another one is.</summary>
    public long? ExternalNumber { get; set; }

    /// <summary>Goes up with each product that is new.</summary>
    public long Arrival { get; init; }

    /// <summary>The change of the catalogue that wrote it last.</summary>
    public long Change { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class ProductTable : IEntityTypeConfiguration<Product>
{
    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.ToTable("product");
        builder.HasKey(product => product.Sku);
        builder.HasIndex(product => product.Change);
        builder.HasIndex(product => product.ExternalId);
        builder.Property(product => product.Sku).HasColumnName("sku");
        builder.Property(product => product.Name).HasColumnName("name");
        builder.Property(product => product.Price).HasColumnName("price").HasColumnType("numeric");
        builder.Property(product => product.Currency).HasColumnName("currency");
        builder.Property(product => product.Categories).HasColumnName("categories").HasColumnType("text[]");
        builder.Property(product => product.Attributes).HasColumnName("attributes").HasColumnType("jsonb");
        builder.Property(product => product.Details).HasColumnName("details").HasColumnType("jsonb").HasDefaultValueSql("'{}'");
        builder.Property(product => product.ExternalId).HasColumnName("external_id");
        builder.Property(product => product.ExternalNumber).HasColumnName("external_number");
        builder.Property(product => product.Arrival).HasColumnName("arrival").UseIdentityByDefaultColumn();
        builder.Property(product => product.Change).HasColumnName("change").HasDefaultValue(0L);
        builder.Property(product => product.UpdatedAt).HasColumnName("updated_at");
    }
}
