using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Edge.Datastreams;

/// <summary>A datastream as a person writes it. A PUT replaces all of it.</summary>
[ReadOnlyMembers("version", "createdAt", "updatedAt")]
public sealed record DatastreamRequest
{
    /// <summary>The config id, 1 to 128 letters, digits, hyphens, underscores, points and colons. Absent: a new UUID. It cannot be changed.</summary>
    public string? Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The website's code. Absent: the default website.</summary>
    public string? Website { get; init; }

    /// <summary>What clients are set up with as organisation, <c>…@AdobeOrg</c>; their cookies are named by it. Absent: <c>Edge:Organization</c>, else the one that all other datastreams name; needed where there is neither.</summary>
    public string? Organization { get; init; }

    public string? EnvironmentId { get; init; }
    public string? DatasetId { get; init; }

    /// <summary>Pages that may call, e.g. <c>https://www.shop.example</c>. Absent: any.</summary>
    public IReadOnlyList<string>? AllowedOrigins { get; init; }

    /// <summary>What holds until a shopper says something. Absent: <c>in</c>.</summary>
    public DefaultConsent? DefaultConsent { get; init; }

    /// <summary>The name of a cookie of the shop's domain that holds a device's id, a UUID of version 4.</summary>
    public string? FirstPartyIdCookie { get; init; }

    /// <summary>The request as it is kept. 400 <c>datastream.invalid</c>.</summary>
    internal async Task<DatastreamRequest> DemandAsync(WebsiteCodes websites, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        if (Id is not null && !DatastreamId.IsValid(Id))
            errors.Add(new("$.id", "datastream.id", $"id must have 1 to {DatastreamId.MaxLength} letters, digits, hyphens, underscores, points and colons."));
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 255)
            errors.Add(new("$.name", "datastream.name", "name must have 1 to 255 characters."));
        var website = await websites.CheckAsync(Website, "datastream", errors, cancellationToken);
        if (Organization is not null && !Edge.Organization.IsValid(Organization))
            errors.Add(new("$.organization", "datastream.organization", "organization must be an organisation's id such as 53A16ACB5CC1D3760A495C99@AdobeOrg."));
        if (EnvironmentId is { Length: > 255 })
            errors.Add(new("$.environmentId", "datastream.environmentId", "environmentId has at most 255 characters."));
        if (DatasetId is { Length: > 255 })
            errors.Add(new("$.datasetId", "datastream.datasetId", "datasetId has at most 255 characters."));
        if (AllowedOrigins is { Count: > 100 })
            errors.Add(new("$.allowedOrigins", "datastream.allowedOrigins", "At most 100 origins."));
        for (var i = 0; i < Math.Min(AllowedOrigins?.Count ?? 0, 100); i++)
            if (!IsOrigin(AllowedOrigins![i]))
                errors.Add(new($"$.allowedOrigins[{i}]", "datastream.allowedOrigins", "An origin is scheme and host, such as https://www.shop.example."));
        if (FirstPartyIdCookie is not null && (FirstPartyIdCookie.Length is 0 or > 128 || !FirstPartyIdCookie.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.')))
            errors.Add(new("$.firstPartyIdCookie", "datastream.firstPartyIdCookie", "firstPartyIdCookie must be a cookie's name of letters, digits, hyphens, underscores and points."));
        if (errors.Count > 0)
            throw new ProblemException(400, "datastream.invalid", "The datastream is not right in the places listed.", errors);
        return this with { Website = website };
    }

    internal void WriteTo(Datastream datastream)
    {
        datastream.Name = Name.Trim();
        datastream.Website = Website;
        datastream.Organization = Organization;
        datastream.EnvironmentId = EnvironmentId;
        datastream.DatasetId = DatasetId;
        datastream.AllowedOrigins = [.. AllowedOrigins ?? []];
        datastream.DefaultConsent = DefaultConsent ?? Datastreams.DefaultConsent.In;
        datastream.FirstPartyIdCookie = FirstPartyIdCookie;
    }

    private static bool IsOrigin(string? text) =>
        text is { Length: <= 255 } && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.GetLeftPart(UriPartial.Authority) == text;
}

/// <summary>A datastream.</summary>
/// <param name="Id">The config id.</param>
public sealed record DatastreamAnswer(
    string Id, string Name, string? Website, string? Organization, string? EnvironmentId, string? DatasetId, IReadOnlyList<string> AllowedOrigins,
    DefaultConsent DefaultConsent, string? FirstPartyIdCookie, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static DatastreamAnswer Of(Datastream row) => new(
        row.Id, row.Name, row.Website, row.Organization, row.EnvironmentId, row.DatasetId, row.AllowedOrigins, row.DefaultConsent, row.FirstPartyIdCookie,
        row.Version, row.CreatedAt, row.UpdatedAt);
}
