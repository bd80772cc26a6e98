using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Websites;

/// <summary>Every change of a website: a publication, and an epoch when its currency changes.</summary>
public sealed class WebsiteEditor(
    PlatformDb db, DefinitionChanges changes, IOptions<WebsiteOptions> fallback, IEnumerable<IFollowCurrencies> followers, TimeProvider time)
{
    /// <summary>Creates or replaces a website. 400 <c>website.invalid</c>, 409 <c>website.numberTaken</c> or <c>website.storeViewTaken</c>, 412, 428.</summary>
    public Task<StoredWebsite> PutAsync(string code, WebsiteRequest request, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var errors = new List<ProblemError>();
        if (!WebsiteRequest.IsCode(code))
            errors.Add(new("code", "website.code", "code must have 1 to 64 letters, digits, hyphens and underscores."));
        request.Check(errors);
        if (errors.Count > 0)
            throw new ProblemException(400, "website.invalid", "The website is not right in the places listed.", errors);

        var all = await db.Set<StoredWebsite>().ToListAsync(cancellationToken);
        var website = all.Find(other => other.Code.Equals(code, StringComparison.OrdinalIgnoreCase));
        if (website is not null)
            version.Required().Demand(website.Version);
        var others = all.Where(other => other != website).ToList();
        var number = request.Number ?? website?.Number ?? FreeNumber(code, others);
        DemandFree(number, request, others);
        if (website is null)
            db.Add(website = new() { Code = code });
        var currency = website.Currency ?? fallback.Value.Of(code);
        website.Number = number;
        website.Name = request.Name?.Trim() ?? website.Code;
        website.Currency = request.Currency;
        website.TimeZone = request.TimeZone;
        website.StoreViews = WebsiteJson.Write(request.StoreViews ?? []);
        website.CartRules = WebsiteJson.Write(request.CartRules ?? CartRuleSettings.Default);
        website.RelatedProducts = WebsiteJson.Write(request.RelatedProducts ?? RelatedProductSettings.Default);
        await SaveAsync(website, currencyChanged: currency != (request.Currency ?? fallback.Value.Of(code)), cancellationToken);
        return website;
    }, cancellationToken);

    /// <summary>The code of the website with this number, which is created when there is none: its code is then the number.</summary>
    public Task<string> EnsureAsync(int number, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var all = await db.Set<StoredWebsite>().ToListAsync(cancellationToken);
        if (all.Find(website => website.Number == number) is { } known)
            return known.Code;
        var code = WebsiteSet.CodeFor(number, code => all.Exists(website => website.Code.Equals(code, StringComparison.OrdinalIgnoreCase)));
        var created = new StoredWebsite { Code = code, Number = number, Name = code };
        db.Add(created);
        await SaveAsync(created, currencyChanged: false, cancellationToken);
        return code;
    }, cancellationToken);

    private static int FreeNumber(string code, List<StoredWebsite> others)
    {
        var named = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1_000_000_000;
        return named && others.TrueForAll(other => other.Number != number) ? number : others.Select(other => other.Number).DefaultIfEmpty().Max() + 1;
    }

    private static void DemandFree(int number, WebsiteRequest request, List<StoredWebsite> others)
    {
        if (others.Exists(other => other.Number == number))
        {
            throw new ProblemException(
                409, "website.numberTaken", $"Another website has the number {number}.", [new("$.number", "website.numberTaken", "A number belongs to one website.")]);
        }

        var taken = others.SelectMany(other => WebsiteJson.Read<List<StoreView>>(other.StoreViews)).Select(view => view.Code).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (request.StoreViews?.FirstOrDefault(view => taken.Contains(view.Code)) is { } view)
        {
            throw new ProblemException(
                409, "website.storeViewTaken", $"Another website has the store view {view.Code}.",
                [new("$.storeViews", "website.storeViewTaken", "A store view belongs to one website.")]);
        }
    }

    private async Task SaveAsync(StoredWebsite website, bool currencyChanged, CancellationToken cancellationToken)
    {
        website.Version++;
        website.UpdatedAt = time.Now();
        if (currencyChanged)
        {
            var epoch = await changes.AdvanceAsync(cancellationToken);
            foreach (var follower in followers)
                await follower.CurrencyChangedAsync(website.Code, epoch, cancellationToken);
        }
        else
        {
            await changes.PublishAsync(cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
