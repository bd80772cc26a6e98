using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PersonalizationPlatform.Edge.Datastreams;

/// <summary>What holds of shoppers who have not said whether they may be collected about.</summary>
public enum DefaultConsent
{
    /// <summary>They may, until they say no.</summary>
    In,

    /// <summary>They may not, until they say yes.</summary>
    Out,

    /// <summary>Nothing is decided yet; the same as <see cref="Out"/> for us, because nothing may be stored.</summary>
    Pending,
}

/// <summary>What clients of Adobe's Edge Network are set up with instead of a key: a config id, and what it stands for.</summary>
public sealed class Datastream
{
    /// <summary>The config id.</summary>
    public required string Id { get; init; }
    public required string Name { get; set; }

    /// <summary>The website of events that name none; null = the default one.</summary>
    public string? Website { get; set; }

    /// <summary>The organisation that its clients are set up with, <c>…@AdobeOrg</c>; names their cookies.</summary>
    public string? Organization { get; set; }

    /// <summary>What Adobe Commerce calls its environment; kept for people.</summary>
    public string? EnvironmentId { get; set; }

    /// <summary>The data set it filled before; kept for people.</summary>
    public string? DatasetId { get; set; }

    /// <summary>Pages that may call; empty = any.</summary>
    public string[] AllowedOrigins { get; set; } = [];
    public DefaultConsent DefaultConsent { get; set; }

    /// <summary>A cookie of the shop's domain that holds a device's id, a UUID.</summary>
    public string? FirstPartyIdCookie { get; set; }
    public int Version { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class DatastreamTable : IEntityTypeConfiguration<Datastream>
{
    public void Configure(EntityTypeBuilder<Datastream> builder)
    {
        builder.ToTable("datastream");
        builder.HasKey(datastream => datastream.Id);
        builder.Property(datastream => datastream.Id).HasColumnName("id");
        builder.Property(datastream => datastream.Name).HasColumnName("name");
        builder.Property(datastream => datastream.Website).HasColumnName("website");
        builder.Property(datastream => datastream.Organization).HasColumnName("organization");
        builder.Property(datastream => datastream.EnvironmentId).HasColumnName("environment_id");
        builder.Property(datastream => datastream.DatasetId).HasColumnName("dataset_id");
        builder.Property(datastream => datastream.AllowedOrigins).HasColumnName("allowed_origins");
        builder.Property(datastream => datastream.DefaultConsent).HasColumnName("default_consent").HasConversion(
            consent => consent.ToString().ToLowerInvariant(), text => Consent(text));
        builder.Property(datastream => datastream.FirstPartyIdCookie).HasColumnName("first_party_id_cookie");
        builder.Property(datastream => datastream.Version).HasColumnName("version").IsConcurrencyToken();
        builder.Property(datastream => datastream.CreatedAt).HasColumnName("created_at");
        builder.Property(datastream => datastream.UpdatedAt).HasColumnName("updated_at");
    }

    /// <summary>As it is kept.</summary>
    internal static DefaultConsent Consent(string kept) => Enum.Parse<DefaultConsent>(kept, true);
}
