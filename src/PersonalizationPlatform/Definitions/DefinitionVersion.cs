using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Definitions;

/// <summary>What a definition said at one of its versions. Never changed.</summary>
public sealed class DefinitionVersion
{
    /// <summary>The definition's collection in addresses, e.g. <c>cart-rules</c>.</summary>
    public required string Collection { get; init; }
    public required Guid Definition { get; init; }
    public required int Version { get; init; }
    public required DefinitionStatus Status { get; init; }
    public required string Name { get; init; }

    /// <summary>JSON, as a person would write it.</summary>
    public required string Body { get; init; }
    public required DateTimeOffset SavedAt { get; init; }
}

internal sealed class DefinitionVersionTable : IEntityTypeConfiguration<DefinitionVersion>
{
    public void Configure(EntityTypeBuilder<DefinitionVersion> builder)
    {
        builder.ToTable("definition_version");
        builder.HasKey(version => new { version.Collection, version.Definition, version.Version });
        builder.Property(version => version.Collection).HasColumnName("collection");
        builder.Property(version => version.Definition).HasColumnName("definition_id");
        builder.Property(version => version.Version).HasColumnName("version");
        builder.Property(version => version.Status).HasColumnName("status").HasConversion(
            status => status.ToString().ToLowerInvariant(), text => Enum.Parse<DefinitionStatus>(text, true));
        builder.Property(version => version.Name).HasColumnName("name");
        builder.Property(version => version.Body).HasColumnName("body").HasColumnType("json");
        builder.Property(version => version.SavedAt).HasColumnName("saved_at");
    }
}
