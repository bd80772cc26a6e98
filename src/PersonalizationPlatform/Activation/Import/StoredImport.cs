using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>An import too large to be answered at once.</summary>
public sealed class StoredImport
{
    public Guid Id { get; init; }
    public ImportStatus Status { get; set; }
    public bool DryRun { get; init; }

    /// <summary>Items of the body.</summary>
    public long Total { get; set; }

    /// <summary>Items worked off, in the order of <see cref="ImportPart"/> and then of the body.</summary>
    public long Done { get; set; }

    /// <summary>Begun but not finished pieces in a row: a piece that never ends does not hold up the others for ever.</summary>
    public int Attempts { get; set; }

    /// <summary>Whoever works on it has until then.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>A stable code; null unless it failed.</summary>
    public string? Failure { get; set; }

    /// <summary>An <see cref="ImportReport"/> as JSON, as far as it has come.</summary>
    public string Report { get; set; } = "{}";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>Where an import stands.</summary>
public enum ImportStatus
{
    Queued,
    Running,
    Done,
    Failed,
}

/// <summary>An item of a stored import; deleted when it is done.</summary>
internal sealed class StoredImportItem
{
    public Guid Import { get; init; }

    /// <summary>The order it is worked off in: its part, then its place in the body.</summary>
    public ImportPart Part { get; init; }
    public long Place { get; init; }
    public string Path { get; init; } = "";
    public string? Rule { get; init; }
    public string? Code { get; init; }
    public byte[] Json { get; init; } = [];
}

internal sealed class StoredImportTable : IEntityTypeConfiguration<StoredImport>
{
    public void Configure(EntityTypeBuilder<StoredImport> builder)
    {
        builder.ToTable("import");
        builder.HasKey(import => import.Id);
        builder.HasIndex(import => import.LeaseUntil).HasFilter("status in ('queued', 'running')");
        builder.Property(import => import.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(import => import.Status).HasColumnName("status").HasConversion(
            status => status.ToString().ToLowerInvariant(), text => Enum.Parse<ImportStatus>(text, true));
        builder.Property(import => import.DryRun).HasColumnName("dry_run");
        builder.Property(import => import.Total).HasColumnName("total");
        builder.Property(import => import.Done).HasColumnName("done");
        builder.Property(import => import.Attempts).HasColumnName("attempts");
        builder.Property(import => import.LeaseUntil).HasColumnName("lease_until");
        builder.Property(import => import.Failure).HasColumnName("failure");
        builder.Property(import => import.Report).HasColumnName("report").HasColumnType("json");
        builder.Property(import => import.CreatedAt).HasColumnName("created_at");
        builder.Property(import => import.FinishedAt).HasColumnName("finished_at");
    }
}

internal sealed class StoredImportItemTable : IEntityTypeConfiguration<StoredImportItem>
{
    public void Configure(EntityTypeBuilder<StoredImportItem> builder)
    {
        builder.ToTable("import_item");
        builder.HasKey(item => new { item.Import, item.Part, item.Place });
        builder.HasIndex(item => new { item.Import, item.Rule }).HasFilter("code is not null");
        builder.Property(item => item.Import).HasColumnName("import_id");
        builder.Property(item => item.Part).HasColumnName("part").HasConversion(part => (short)part, number => (ImportPart)number);
        builder.Property(item => item.Place).HasColumnName("place");
        builder.Property(item => item.Path).HasColumnName("path");
        builder.Property(item => item.Rule).HasColumnName("rule");
        builder.Property(item => item.Code).HasColumnName("code");
        builder.Property(item => item.Json).HasColumnName("json");
    }
}
