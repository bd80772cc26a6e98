using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Definitions.Publications;

/// <summary>Changes of definitions that take effect together, now or at an instant, for good or until another instant.</summary>
public sealed class Publication
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public PublicationStatus Status { get; set; }

    /// <summary>When its changes are to take effect.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When they are to be taken back; null = never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>When something is to be done with it next; null = never again.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its changes did take effect.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When they were taken back, or it was cancelled, or failed.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why it failed: JSON of <see cref="PublicationProblem"/>.</summary>
    public string? Problem { get; set; }
    public List<PublicationChange> Changes { get; } = [];
}

/// <summary>Where a publication stands.</summary>
public enum PublicationStatus
{
    /// <summary>Its time has not come.</summary>
    Scheduled,

    /// <summary>Its changes have taken effect.</summary>
    Live,

    /// <summary>Its time is over: its changes have been taken back.</summary>
    Ended,

    /// <summary>It could not take effect, or not be taken back; nothing of the attempt is left.</summary>
    Failed,

    /// <summary>Called off before its time came.</summary>
    Cancelled,
}

/// <summary>One change of a publication.</summary>
public sealed class PublicationChange
{
    public Guid Publication { get; init; }

    /// <summary>Its place in the publication, from 0; changes take effect in this order.</summary>
    public required int Position { get; init; }
    public required string Collection { get; init; }
    public required Guid Definition { get; init; }
    public required PublicationAction Action { get; init; }

    /// <summary>What replaces the definition: JSON.</summary>
    public string? Body { get; init; }

    /// <summary>The version to go back to.</summary>
    public int? Version { get; init; }

    /// <summary>The version the definition must still be at; null = whichever.</summary>
    public int? IfMatch { get; init; }

    /// <summary>The version it was at when the publication started.</summary>
    public int? FromVersion { get; set; }
    public DefinitionStatus? FromStatus { get; set; }

    /// <summary>The version that the publication made of it.</summary>
    public int? ToVersion { get; set; }

    /// <summary>Somebody had edited the definition before the end came, so it was left as it was.</summary>
    public bool EditedMeanwhile { get; set; }
}

/// <summary>What is done to a definition.</summary>
public enum PublicationAction
{
    /// <summary>Made live.</summary>
    Publish,
    Pause,
    Archive,

    /// <summary>Replaced by a body, as with PUT.</summary>
    Replace,

    /// <summary>Taken back to what an older version said.</summary>
    Rollback,
}

internal sealed class PublicationTable : IEntityTypeConfiguration<Publication>
{
    public void Configure(EntityTypeBuilder<Publication> builder)
    {
        builder.ToTable("publication");
        builder.HasKey(publication => publication.Id);
        builder.HasIndex(publication => publication.DueAt).HasFilter("due_at is not null");
        builder.HasMany(publication => publication.Changes).WithOne().HasForeignKey(change => change.Publication);
        builder.Property(publication => publication.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(publication => publication.Name).HasColumnName("name");
        builder.Property(publication => publication.Status).HasColumnName("status").HasConversion(
            status => status.ToString().ToLowerInvariant(), text => Enum.Parse<PublicationStatus>(text, true));
        builder.Property(publication => publication.At).HasColumnName("at");
        builder.Property(publication => publication.Until).HasColumnName("until");
        builder.Property(publication => publication.DueAt).HasColumnName("due_at");
        builder.Property(publication => publication.CreatedAt).HasColumnName("created_at");
        builder.Property(publication => publication.StartedAt).HasColumnName("started_at");
        builder.Property(publication => publication.EndedAt).HasColumnName("ended_at");
        builder.Property(publication => publication.Problem).HasColumnName("problem").HasColumnType("json");
    }
}

internal sealed class PublicationChangeTable : IEntityTypeConfiguration<PublicationChange>
{
    public void Configure(EntityTypeBuilder<PublicationChange> builder)
    {
        builder.ToTable("publication_change");
        builder.HasKey(change => new { change.Publication, change.Position });
        builder.HasIndex(change => new { change.Collection, change.Definition });
        builder.Property(change => change.Publication).HasColumnName("publication_id");
        builder.Property(change => change.Position).HasColumnName("position").ValueGeneratedNever();
        builder.Property(change => change.Collection).HasColumnName("collection");
        builder.Property(change => change.Definition).HasColumnName("definition_id");
        builder.Property(change => change.Action).HasColumnName("action").HasConversion(
            action => action.ToString().ToLowerInvariant(), text => Enum.Parse<PublicationAction>(text, true));
        builder.Property(change => change.Body).HasColumnName("body").HasColumnType("json");
        builder.Property(change => change.Version).HasColumnName("version");
        builder.Property(change => change.IfMatch).HasColumnName("if_match");
        builder.Property(change => change.FromVersion).HasColumnName("from_version");
        builder.Property(change => change.FromStatus).HasColumnName("from_status").HasConversion(
            status => status!.Value.ToString().ToLowerInvariant(), text => Enum.Parse<DefinitionStatus>(text, true));
        builder.Property(change => change.ToVersion).HasColumnName("to_version");
        builder.Property(change => change.EditedMeanwhile).HasColumnName("edited_meanwhile");
    }
}
