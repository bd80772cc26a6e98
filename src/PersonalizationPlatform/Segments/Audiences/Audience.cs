using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Audiences;

/// <summary>A published segment, or a list of identities imported from elsewhere. Conditions and blocks may ask for either.</summary>
public sealed class Audience
{
    public AudienceId Id { get; init; }

    /// <summary>Unique over all audiences, archived ones included.</summary>
    public required string Key { get; set; }
    public required string Name { get; set; }
    public AudienceKind Kind { get; init; }

    /// <summary>The segment whose members it publishes; null for a list.</summary>
    public SegmentId? Segment { get; init; }

    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; set; }

    /// <summary>Nobody is in an audience that is not live; the entries of a list may be written all the same until it is archived.</summary>
    public DefinitionStatus Status { get; set; }

    /// <summary>Goes up with every change of the definition, not of the members; the ETag.</summary>
    public int Version { get; set; }

    /// <summary>Entries of the list count while they carry this version.</summary>
    public long ListVersion { get; set; }

    /// <summary>The version a replacement is being written under, when it is greater than <see cref="ListVersion"/>. The last one begun wins.</summary>
    public long StagedVersion { get; set; }

    /// <summary>When the replacement last wrote; one that has been silent for long is given up.</summary>
    public DateTimeOffset? StagedAt { get; set; }

    /// <summary>Entries on the list.</summary>
    public long Size { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>Fixed when the audience is created.</summary>
public enum AudienceKind
{
    Segment,
    List,
}

internal sealed class AudienceTable : IEntityTypeConfiguration<Audience>
{
    public void Configure(EntityTypeBuilder<Audience> builder)
    {
        builder.ToTable("audience");
        builder.HasKey(audience => audience.Id);
        builder.HasIndex(audience => audience.Key).IsUnique();
        builder.Property(audience => audience.Id).HasColumnName("id").HasConversion(id => id.Value, value => new(value)).ValueGeneratedNever();
        builder.Property(audience => audience.Key).HasColumnName("key");
        builder.Property(audience => audience.Name).HasColumnName("name");
        builder.Property(audience => audience.Kind).HasColumnName("kind").HasConversion(
            kind => kind.ToString().ToLowerInvariant(), text => Enum.Parse<AudienceKind>(text, true));
        builder.Property(audience => audience.Segment).HasColumnName("segment_id").HasConversion(id => id!.Value.Value, value => new SegmentId(value));
        builder.Property(audience => audience.ExternalId).HasColumnName("external_id");
        builder.Property(audience => audience.Status).HasColumnName("status").HasConversion(
            status => status.ToString().ToLowerInvariant(), text => Enum.Parse<DefinitionStatus>(text, true));
        builder.Property(audience => audience.Version).HasColumnName("version");
        builder.Property(audience => audience.ListVersion).HasColumnName("list_version");
        builder.Property(audience => audience.StagedVersion).HasColumnName("staged_version");
        builder.Property(audience => audience.StagedAt).HasColumnName("staged_at");
        builder.Property(audience => audience.Size).HasColumnName("size");
        builder.Property(audience => audience.CreatedAt).HasColumnName("created_at");
        builder.Property(audience => audience.UpdatedAt).HasColumnName("updated_at");
    }
}
