using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Catalog;

/// <summary>A product, as far as conditions ask for products.</summary>
public sealed class Product
{
    /// <summary>As the shop spells it; case counts.</summary>
    public required string Sku { get; init; }
    public required string Name { get; set; }

    /// <summary>In <see cref="Currency"/>, or in the website's when that is null.</summary>
    public decimal? Price { get; set; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; set; }

    /// <summary>Ids, names or paths as sent; a path also stands for each of its parts (<see cref="ProductFacts"/>).</summary>
    public string[] Categories { get; set; } = [];

    /// <summary>A JSON object of scalars and lists of scalars.</summary>
    public string Attributes { get; set; } = "{}";
    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class ProductTable : IEntityTypeConfiguration<Product>
{
    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.ToTable("product");
        builder.HasKey(product => product.Sku);
        builder.Property(product => product.Sku).HasColumnName("sku");
        builder.Property(product => product.Name).HasColumnName("name");
        builder.Property(product => product.Price).HasColumnName("price").HasColumnType("numeric");
        builder.Property(product => product.Currency).HasColumnName("currency");
        builder.Property(product => product.Categories).HasColumnName("categories").HasColumnType("text[]");
        builder.Property(product => product.Attributes).HasColumnName("attributes").HasColumnType("jsonb");
        builder.Property(product => product.UpdatedAt).HasColumnName("updated_at");
    }
}
