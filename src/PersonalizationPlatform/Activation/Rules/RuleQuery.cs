using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Rules;

/// <summary>Which rules of a kind are listed.</summary>
public sealed class RuleQuery
{
    /// <summary>Only rules of this status; without it, all but archived ones.</summary>
    [FromQuery(Name = "status")]
    public DefinitionStatus? Status { get; init; }

    /// <summary>Only the rule that the system it comes from calls so.</summary>
    [FromQuery(Name = "externalId")]
    public string? ExternalId { get; init; }

    /// <summary>Rules by key, page by page.</summary>
    internal async Task<Page<TAnswer>> ReadAsync<TRule, TAnswer>(PlatformDb db, PageQuery page, Func<TRule, TAnswer> answer, CancellationToken cancellationToken)
        where TRule : Rule
    {
        var after = page.After();
        var rows = await db.Set<TRule>().AsNoTracking()
            .Where(rule => Status == null ? rule.Status != DefinitionStatus.Archived : rule.Status == Status)
            .Where(rule => ExternalId == null || rule.ExternalId == ExternalId)
            .Where(rule => after == null || string.Compare(rule.Key, after) > 0)
            .OrderBy(rule => rule.Key).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, rule => rule.Key, answer);
    }
}
