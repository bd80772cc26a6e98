using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.Rules;

/// <summary>What cart rules, catalogue rules and related-product rules have in common. What each says is in its <see cref="Body"/>.</summary>
public abstract class Rule
{
    /// <summary>No person and no other system gives a rule a higher number; what the sequence counts above it stays far from any end.</summary>
    public const long MaxNumber = 1_000_000_000_000_000;

    public Guid Id { get; init; }

    /// <summary>Unique over all rules of its kind, archived ones included.</summary>
    public string Key { get; set; } = "";
    public string Name { get; set; } = "";
    public DefinitionStatus Status { get; set; }

    /// <summary>Goes up with every change; the ETag.</summary>
    public int Version { get; set; }

    /// <summary>Orders rules of equal priority: the external id where that is a number up to <see cref="MaxNumber"/>, else the next of a sequence.</summary>
    public long Number { get; set; }

    /// <summary>What the system it comes from calls it; unique over all rules of its kind that are not archived.</summary>
    public string? ExternalId { get; set; }

    /// <summary>The definition as a person writes it, in canonical JSON: references as ids, defaults left out.</summary>
    public string Body { get; set; } = "{}";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

internal abstract class RuleTable<TRule>(string name) : IEntityTypeConfiguration<TRule>
    where TRule : Rule
{
    public virtual void Configure(EntityTypeBuilder<TRule> builder)
    {
        builder.ToTable(name);
        builder.HasKey(rule => rule.Id);
        builder.HasIndex(rule => rule.Key).IsUnique();
        builder.HasIndex(rule => rule.ExternalId).IsUnique().HasFilter("external_id is not null and status <> 'archived'");
        builder.Property(rule => rule.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(rule => rule.Key).HasColumnName("key");
        builder.Property(rule => rule.Name).HasColumnName("name");
        builder.Property(rule => rule.Status).HasColumnName("status").HasConversion(
            status => status.ToString().ToLowerInvariant(), text => Enum.Parse<DefinitionStatus>(text, true));
        builder.Property(rule => rule.Version).HasColumnName("version");
        builder.Property(rule => rule.Number).HasColumnName("number");
        builder.Property(rule => rule.ExternalId).HasColumnName("external_id");
        builder.Property(rule => rule.Body).HasColumnName("body").HasColumnType("json");
        builder.Property(rule => rule.CreatedAt).HasColumnName("created_at");
        builder.Property(rule => rule.UpdatedAt).HasColumnName("updated_at");
    }
}
