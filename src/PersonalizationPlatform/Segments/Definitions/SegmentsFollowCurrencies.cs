using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>Segments compare amounts in their website's currency: with it they change their meaning, as if they had been edited.</summary>
internal sealed class SegmentsFollowCurrencies(PlatformDb db) : IFollowCurrencies
{
    public Task CurrencyChangedAsync(string website, long epoch, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"update segment set changed_epoch = {epoch} where status = 'live' and lower(coalesce(website, {Website.Base})) = lower({website})", cancellationToken);
}
