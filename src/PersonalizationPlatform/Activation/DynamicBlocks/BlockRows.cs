using Npgsql;
using PersonalizationPlatform.Activation.Rotators;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>Reads every live block and rotator, and which rules blocks are tied to.</summary>
internal static class BlockRows
{
    private const string Select = """
        select id, key, name, priority, website, starts_at, ends_at, locations, contents, segments, audiences, template, cart_rules, catalog_rules
        from dynamic_block where status = 'live'
        """;

    /// <param name="connection">Stands in a snapshot.</param>
    /// <param name="promoters">The kinds of rules that may name blocks.</param>
    public static async Task<BlockSet> ReadAsync(
        NpgsqlConnection connection, IEnumerable<IPromoteBlocks> promoters, CancellationToken cancellationToken)
    {
        var cartRules = await PromotionsAsync(connection, promoters, PromotionKind.CartRule, cancellationToken);
        var catalogRules = await PromotionsAsync(connection, promoters, PromotionKind.CatalogRule, cancellationToken);
        var rotators = await RotatorRows.ReadAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand(Select, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var blocks = new List<LiveBlock>();
        while (await row.ReadAsync(cancellationToken))
        {
            var id = row.GetGuid(0);
            blocks.Add(new(
                id, row.GetString(1), row.GetString(2), row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
                [.. row.GetFieldValue<string[]>(7).Select(name => Enum.Parse<BlockLocation>(name, true))], BlockContents.Read(row.GetString(8)),
                [.. row.GetFieldValue<Guid[]>(9).Select(segment => new SegmentId(segment))], [.. row.GetFieldValue<Guid[]>(10).Select(audience => new AudienceId(audience))])
            {
                Template = Enum.Parse<BlockTemplate>(row.GetString(11), true),
                CartRules = [.. row.GetFieldValue<Guid[]>(12).Union(cartRules[id])],
                CatalogRules = [.. row.GetFieldValue<Guid[]>(13).Union(catalogRules[id])],
            });
        }

        return new(blocks, rotators);
    }

    /// <summary>The rules of a kind by the block they name.</summary>
    private static async Task<ILookup<Guid, Guid>> PromotionsAsync(
        NpgsqlConnection connection, IEnumerable<IPromoteBlocks> promoters, PromotionKind kind, CancellationToken cancellationToken)
    {
        var promotions = new List<BlockPromotion>();
        foreach (var promoter in promoters.Where(promoter => promoter.Kind == kind))
            promotions.AddRange(await promoter.ReadAsync(connection, cancellationToken));
        return promotions.ToLookup(promotion => promotion.Block, promotion => promotion.Rule);
    }
}
