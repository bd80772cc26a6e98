using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Websites;

/// <summary>
/// Which websites definitions may be for: those that have been described, <c>base</c> from the start, and those the configuration names. A
/// definition for any other would never take effect, and nobody would be told.
/// </summary>
public sealed class WebsiteCodes(PlatformDb db, IOptions<WebsiteOptions> options) : IKnowWebsites
{
    private const int MaxLength = 64;

    /// <summary>Gives codes as their websites spell them, whatever the case they are asked in; null for an unknown one. Inside a step it stands until the commit.</summary>
    public async Task<Func<string, string?>> ReadAsync(CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var code in options.Value.Websites.Keys.Concat(await db.Set<StoredWebsite>().AsNoTracking().Select(website => website.Code).ToListAsync(cancellationToken)))
            known[code] = code;
        return known.GetValueOrDefault;
    }

    public async Task<string?> FindAsync(string code, CancellationToken cancellationToken) => (await ReadAsync(cancellationToken))(code);

    /// <summary>The member <c>website</c> of a definition as it is kept; null for every website.</summary>
    /// <param name="given">As written.</param>
    /// <param name="kind">The kind of definition, with which the codes of errors begin: <c>….website</c>, <c>….unknownWebsite</c>.</param>
    /// <param name="errors">What is wrong.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<string?> CheckAsync(string? given, string kind, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        if (given is null)
            return null;
        var known = given.Length is > 0 and <= MaxLength ? await FindAsync(given, cancellationToken) : null;
        if (given.Length is 0 or > MaxLength)
            errors.Add(new("$.website", kind + ".website", "website must be a website's code, or left out."));
        else if (known is null)
            errors.Add(new("$.website", kind + ".unknownWebsite", "There is no website with this code; PUT /v1/websites/{code} describes one."));
        return known;
    }
}
