using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Catalog;

/// <summary>What is known of a product attribute. Products may have attributes that nobody has described.</summary>
/// <param name="Code">As products name it, compared without regard to case.</param>
/// <param name="Options">The values that may be chosen; empty unless it is a choice.</param>
/// <param name="UsableInRules">Whether rules are meant to use it.</param>
public sealed record AttributeDefinition(string Code, AttributeType Type, string Label, IReadOnlyList<AttributeOption> Options, bool UsableInRules)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    internal static AttributeDefinition Of(ProductAttribute stored) => new(
        stored.Code, stored.Type, stored.Label, JsonSerializer.Deserialize<List<AttributeOption>>(stored.Options, Json)!, stored.UsableInRules);
}

/// <summary>A value that may be chosen.</summary>
/// <param name="Value">What products and conditions hold.</param>
/// <param name="Label">What people read.</param>
public sealed record AttributeOption(string Value, string Label);

public enum AttributeType
{
    Text,
    Number,
    Boolean,
    Date,

    /// <summary>One of the options.</summary>
    Select,

    /// <summary>Any number of the options; <c>a,b</c> as text is two of them.</summary>
    Multiselect,
    Price,
}

/// <summary>An attribute definition as it is kept.</summary>
public sealed class ProductAttribute
{
    public required string Code { get; init; }
    public required AttributeType Type { get; init; }
    public required string Label { get; init; }

    /// <summary>A JSON list of <see cref="AttributeOption"/>.</summary>
    public required string Options { get; init; }
    public required bool UsableInRules { get; init; }

    /// <summary>The change of the catalogue that wrote it last.</summary>
    public long Change { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

internal sealed class ProductAttributeTable : IEntityTypeConfiguration<ProductAttribute>
{
    public void Configure(EntityTypeBuilder<ProductAttribute> builder)
    {
        builder.ToTable("product_attribute");
        builder.HasKey(attribute => attribute.Code);
        builder.Property(attribute => attribute.Code).HasColumnName("code");
        builder.Property(attribute => attribute.Type).HasColumnName("type").HasConversion(
            type => type.ToString().ToLowerInvariant(), text => Enum.Parse<AttributeType>(text, true));
        builder.Property(attribute => attribute.Label).HasColumnName("label");
        builder.Property(attribute => attribute.Options).HasColumnName("options").HasColumnType("json");
        builder.Property(attribute => attribute.UsableInRules).HasColumnName("usable_in_rules");
        builder.Property(attribute => attribute.Change).HasColumnName("change");
        builder.Property(attribute => attribute.UpdatedAt).HasColumnName("updated_at");
    }
}
