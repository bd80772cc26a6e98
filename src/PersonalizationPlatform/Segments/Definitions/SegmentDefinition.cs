using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>A rule that says which shoppers belong together.</summary>
public sealed class SegmentDefinition
{
    public SegmentId Id { get; init; }

    /// <summary>What people and conditions call it by; unique over all segments, archived ones included.</summary>
    public required string Key { get; set; }
    public required string Name { get; set; }
    public string? Description { get; set; }

    /// <summary>Only live segments have members.</summary>
    public DefinitionStatus Status { get; set; }

    /// <summary>Goes up with every change; the ETag.</summary>
    public int Version { get; set; }
    public ApplyTo ApplyTo { get; init; }

    /// <summary>The website it answers for; null = every one.</summary>
    public string? Website { get; set; }

    /// <summary>What the system it comes from calls it; unique over all segments that are not archived.</summary>
    public string? ExternalId { get; set; }

    /// <summary>Known from another system by name only: without a condition it has no members here.</summary>
    public bool External { get; set; }

    /// <summary>The condition in canonical JSON, references as ids; null = everybody of the population, nobody while it is external.</summary>
    public string? Condition { get; set; }

    /// <summary>The epoch in which the meaning last changed (not its name).</summary>
    public long ChangedEpoch { get; set; }

    /// <summary>The epoch up to which every profile has been judged; the member list is complete when it reaches <see cref="ChangedEpoch"/>.</summary>
    public long FilledEpoch { get; set; }

    /// <summary>Since when it has been live, this time; null while it is not.</summary>
    public DateTimeOffset? LiveSince { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>The population. Fixed when the segment is created.</summary>
public enum ApplyTo
{
    /// <summary>Shoppers with a CustomerId.</summary>
    Registered,

    /// <summary>Shoppers without one.</summary>
    Visitors,
    Both,
}

internal sealed class SegmentTable : IEntityTypeConfiguration<SegmentDefinition>
{
    public void Configure(EntityTypeBuilder<SegmentDefinition> builder)
    {
        builder.ToTable("segment");
        builder.HasKey(segment => segment.Id);
        builder.HasIndex(segment => segment.Key).IsUnique();
        builder.HasIndex(segment => segment.ExternalId).IsUnique().HasFilter("external_id is not null and status <> 'archived'");
        builder.Property(segment => segment.Id).HasColumnName("id").HasConversion(id => id.Value, value => new(value)).ValueGeneratedNever();
        builder.Property(segment => segment.Key).HasColumnName("key");
        builder.Property(segment => segment.Name).HasColumnName("name");
        builder.Property(segment => segment.Description).HasColumnName("description");
        builder.Property(segment => segment.Status).HasColumnName("status").HasConversion(
            status => status.ToString().ToLowerInvariant(), text => Enum.Parse<DefinitionStatus>(text, true));
        builder.Property(segment => segment.Version).HasColumnName("version");
        builder.Property(segment => segment.ApplyTo).HasColumnName("apply_to").HasConversion(
            applyTo => applyTo.ToString().ToLowerInvariant(), text => Enum.Parse<ApplyTo>(text, true));
        builder.Property(segment => segment.Website).HasColumnName("website");
        builder.Property(segment => segment.ExternalId).HasColumnName("external_id");
        builder.Property(segment => segment.External).HasColumnName("external");
        // json, not jsonb: the order of members is the author's and stays.
        builder.Property(segment => segment.Condition).HasColumnName("condition").HasColumnType("json");
        builder.Property(segment => segment.ChangedEpoch).HasColumnName("changed_epoch");
        builder.Property(segment => segment.FilledEpoch).HasColumnName("filled_epoch");
        builder.Property(segment => segment.LiveSince).HasColumnName("live_since");
        builder.Property(segment => segment.CreatedAt).HasColumnName("created_at");
        builder.Property(segment => segment.UpdatedAt).HasColumnName("updated_at");
    }
}
