using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>Reads every live cart rule; one whose version has not changed keeps what was made of it before.</summary>
internal static partial class CartRuleRows
{
    private const string Select = """
        select r.id, r.key, r.version, r.number, r.external_id, case when k.id is null then r.body::text end
        from cart_rule r left join unnest($1::uuid[], $2::int[]) as k (id, version) on k.id = r.id and k.version = r.version
        where r.status = 'live'
        """;

    /// <param name="connection">Stands in a snapshot.</param>
    /// <param name="before">What was read last time.</param>
    public static async Task<CartRuleSet> ReadAsync(NpgsqlConnection connection, CartRuleSet? before, ILogger logger, CancellationToken cancellationToken)
    {
        var known = (before?.Rules ?? []).ToDictionary(rule => rule.Id);
        await using var command = new NpgsqlCommand(Select, connection);
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = known.Keys.ToArray() });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer, Value = known.Values.Select(rule => rule.Version).ToArray() });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var rules = new List<CartRule>();
        var kept = 0;
        while (await row.ReadAsync(cancellationToken))
        {
            var id = row.GetGuid(0);
            if (row.IsDBNull(5))
            {
                rules.Add(known[id]);
                kept++;
            }
            else if (CartRuleBody.ToRule(
                id, row.GetInt64(3), row.IsDBNull(4) ? null : row.GetString(4), row.GetString(1), row.GetInt32(2), DefinitionStatus.Live,
                CartRuleBody.Read(row.GetString(5))) is { } rule)
            {
                rules.Add(rule);
            }
            else
            {
                LogUnreadable(logger, id, row.GetInt32(2));
            }
        }

        return before is not null && kept == rules.Count && kept == before.Rules.Count ? before : new(rules);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Cart rule {Rule} version {Version} has a condition that cannot be read; it is not applied")]
    private static partial void LogUnreadable(ILogger logger, Guid rule, int version);
}
