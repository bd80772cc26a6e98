using Microsoft.Extensions.Options;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Events.Log;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Edge;

/// <summary>The audiences a page is told of, and keeps in its cookie <c>aep-segments-membership</c>.</summary>
public sealed class EdgeAudiences(DecisionReader decisions, IOptions<EventLogOptions> defaults)
{
    private const string Collect = "collect";

    /// <summary>
    /// Those the shopper is in now, by the ids that the shop knows them by. None of one who refuses to be collected about or to be
    /// targeted.
    /// </summary>
    /// <exception cref="TimeoutException">Somebody has locked what has to be read, or the database hangs.</exception>
    public async Task<IReadOnlyList<string>> OfAsync(IReadOnlyList<Identity> identities, string? website, bool optedOut, CancellationToken cancellationToken)
    {
        if (optedOut || identities.Count == 0)
            return [];
        var caller = new DecisionCaller(identities, 0, NamedAudiences.None, false, false);
        var ground = await decisions.ReadAsync(caller, website ?? defaults.Value.DefaultWebsite, null, optedOut: false, cancellationToken);
        if (ground.Shopper is not { } shopper || (shopper.Consents.TryGetValue(Collect, out var collect) && !collect))
            return [];
        var standing = new ShopperStanding(shopper, ground.Segments, caller, null, ground.Website.Code);
        return
        [
            .. ground.Segments.Audiences.Values.Where(audience => standing.Audience(audience.Id).Matches).OrderBy(audience => audience.Key, StringComparer.Ordinal)
                .Select(audience => audience.ExternalId is { } external && IsCookieText(external) ? external : audience.Id.ToString()),
        ];
    }

    /// <summary>The page joins the ids with commas and puts them into a cookie as they are.</summary>
    private static bool IsCookieText(string id) => id.Length > 0 && id.All(letter => letter is > ' ' and < '\x7F' and not (',' or ';' or '"' or '\\'));
}
