using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.Audiences;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>Cart rules whose conditions refer to segments and audiences.</summary>
internal sealed class ReferringCartRules(PlatformDb db) : IUseSegments, IUseAudiences
{
    private const string Kind = "cartRule";

    public async Task<IReadOnlyList<SegmentUse>> UsesOfAsync(SegmentId segment, CancellationToken cancellationToken) =>
        [.. (await NamingAsync(segment.Value, cancellationToken)).Select(rule => new SegmentUse(Kind, rule.Id, rule.Key, rule.Name))];

    public async Task<IReadOnlyList<AudienceUse>> UsesOfAsync(AudienceId audience, CancellationToken cancellationToken) =>
        [.. (await NamingAsync(audience.Value, cancellationToken)).Select(rule => new AudienceUse(Kind, rule.Id, rule.Key, rule.Name))];

    private async Task<List<CartRuleDefinition>> NamingAsync(Guid id, CancellationToken cancellationToken)
    {
        // References are kept as ids, and an id stands nowhere else by chance.
        var pattern = $"%{id}%";
        return await db.Set<CartRuleDefinition>()
            .FromSql($"select * from cart_rule where status <> 'archived' and body::text like {pattern} order by key").AsNoTracking()
            .ToListAsync(cancellationToken);
    }
}
