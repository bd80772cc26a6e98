using Microsoft.EntityFrameworkCore;
using Npgsql;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>The kinds of price rules that blocks are tied to.</summary>
public enum PromotionKind
{
    CartRule,
    CatalogRule,
}

/// <summary>A kind of price rule that blocks may name; each kind registers its own.</summary>
public interface IRuleReferences
{
    PromotionKind Kind { get; }

    /// <summary>The ids of those that there are, by the id or key they were asked for with. The editors' lock is held.</summary>
    /// <param name="idsOrKeys">As a person names them.</param>
    /// <param name="kept">Archived ones that may be named.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyDictionary<string, Guid>> FindAsync(IReadOnlyList<string> idsOrKeys, KeptReferences kept, CancellationToken cancellationToken);
}

/// <summary>A kind of price rule that itself may name blocks; each kind registers its own.</summary>
public interface IPromoteBlocks
{
    PromotionKind Kind { get; }

    /// <param name="connection">Stands in a snapshot.</param>
    Task<IReadOnlyList<BlockPromotion>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken);
}

/// <summary>A rule names a block: the block shows only while it, or another one tied to it, applies.</summary>
public sealed record BlockPromotion(Guid Rule, Guid Block);

/// <summary>Finds rules of one kind in their table.</summary>
public sealed class RuleReferences<TRule>(PlatformDb db, PromotionKind kind) : IRuleReferences
    where TRule : Rule
{
    public PromotionKind Kind => kind;

    public async Task<IReadOnlyDictionary<string, Guid>> FindAsync(IReadOnlyList<string> idsOrKeys, KeptReferences kept, CancellationToken cancellationToken)
    {
        var ids = idsOrKeys.Select(text => Guid.TryParse(text, out var id) ? id : default).ToArray();
        var known = await db.Set<TRule>().AsNoTracking().Where(rule => ids.Contains(rule.Id) || idsOrKeys.Contains(rule.Key))
            .Select(rule => new { rule.Id, rule.Key, rule.Status }).ToListAsync(cancellationToken);
        known.RemoveAll(rule => rule.Status == DefinitionStatus.Archived && !kept.Has(rule.Id));
        var found = new Dictionary<string, Guid>();
        foreach (var text in idsOrKeys)
        {
            if (known.Find(rule => rule.Key == text || (Guid.TryParse(text, out var id) && rule.Id == id)) is { } rule)
                found[text] = rule.Id;
        }

        return found;
    }
}

/// <summary>
/// Reads which blocks the rules of a table name in their bodies (<c>dynamicBlocks</c>, as ids). Drafts tie nothing yet; blocks that
/// name a draft are tied to it by what they say themselves. A paused rule
/// still ties its blocks, else pausing a promotion would show its banner to everybody; so does an archived one, until somebody saves the
/// block again.
/// </summary>
/// <param name="table">The table of a <see cref="Rule"/>.</param>
public sealed class PromotingRules(PromotionKind kind, string table) : IPromoteBlocks
{
    public PromotionKind Kind => kind;

    public async Task<IReadOnlyList<BlockPromotion>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            select r.id, b.id
            from {table} r
            cross join lateral json_array_elements_text(r.body -> 'dynamicBlocks') as named(block)
            join dynamic_block b on b.id::text = named.block
            where json_typeof(r.body -> 'dynamicBlocks') = 'array'
                and (r.status in ('live', 'paused') or (r.status = 'archived' and r.updated_at >= b.updated_at))
            """, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var promotions = new List<BlockPromotion>();
        while (await row.ReadAsync(cancellationToken))
            promotions.Add(new(row.GetGuid(0), row.GetGuid(1)));
        return promotions;
    }
}

/// <summary>Which price rules apply to what the shopper has before them; the ids of rules of both kinds never meet.</summary>
public sealed record PromotionsApplied
{
    /// <summary>Neither a cart nor a product is looked at.</summary>
    public static readonly PromotionsApplied None = new();

    /// <summary>Cart rules applied to the cart.</summary>
    public IReadOnlySet<Guid> CartRules { get; init; } = new HashSet<Guid>();

    /// <summary>Catalogue rules that match the viewed product.</summary>
    public IReadOnlySet<Guid> CatalogRules { get; init; } = new HashSet<Guid>();

    /// <summary>When time alone may change which rules apply; null = never.</summary>
    public DateTimeOffset? ChangesAt { get; init; }
}
