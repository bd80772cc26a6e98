using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>A rehearsal that was asked for.</summary>
public sealed class RehearsalRun
{
    public Guid Id { get; init; }
    public RehearsalKind Kind { get; init; }
    public RehearsalStatus Status { get; set; }

    /// <summary>From 0 to 1.</summary>
    public decimal Progress { get; set; }
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }
    public required string Website { get; init; }

    /// <summary>The checked request, as JSON.</summary>
    public required string Request { get; init; }

    /// <summary>A <see cref="RehearsalReport"/>, as JSON.</summary>
    public string? Report { get; set; }
    public string? Failure { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whoever runs it holds it until then; after that another node begins it again.</summary>
    public DateTimeOffset Lease { get; set; }
}

/// <summary>What is rehearsed.</summary>
public enum RehearsalKind
{
    CartRule,
    DynamicBlock,
}

/// <summary>How far a rehearsal is.</summary>
public enum RehearsalStatus
{
    Queued,
    Running,
    Done,
    Failed,
}

internal sealed class RehearsalTable : IEntityTypeConfiguration<RehearsalRun>
{
    public void Configure(EntityTypeBuilder<RehearsalRun> builder)
    {
        builder.ToTable("rehearsal");
        builder.HasKey(run => run.Id);
        builder.HasIndex(run => run.Lease).HasFilter("status in ('queued', 'running')");
        builder.Property(run => run.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(run => run.Kind).HasColumnName("kind").HasConversion(
            kind => kind == RehearsalKind.CartRule ? "cartRule" : "dynamicBlock",
            text => text == "cartRule" ? RehearsalKind.CartRule : RehearsalKind.DynamicBlock);
        builder.Property(run => run.Status).HasColumnName("status").HasConversion(
            status => status.ToString().ToLowerInvariant(), text => Enum.Parse<RehearsalStatus>(text, true));
        builder.Property(run => run.Progress).HasColumnName("progress").HasColumnType("numeric");
        builder.Property(run => run.From).HasColumnName("from_day");
        builder.Property(run => run.To).HasColumnName("to_day");
        builder.Property(run => run.Website).HasColumnName("website");
        builder.Property(run => run.Request).HasColumnName("request").HasColumnType("json");
        builder.Property(run => run.Report).HasColumnName("report").HasColumnType("json");
        builder.Property(run => run.Failure).HasColumnName("failure");
        builder.Property(run => run.CreatedAt).HasColumnName("created_at");
        builder.Property(run => run.Lease).HasColumnName("lease");
    }
}
