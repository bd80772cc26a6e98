using Npgsql;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>What coupons need to know of their cart rule. Limits are uses; 0 = unlimited.</summary>
/// <param name="UsesPerCoupon">Of each code over all shoppers, where the coupon has no limit of its own.</param>
/// <param name="CouponUsesPerCustomer">Of each code by one customer, where the coupon has no limit of its own.</param>
/// <param name="UsesPerCustomer">Of the rule by one customer, with or without a coupon.</param>
public sealed record CouponRule(
    Guid Id, DefinitionStatus Status, CouponType CouponType, int UsesPerCoupon, int CouponUsesPerCustomer, int UsesPerCustomer, DateOnly? FromDate, DateOnly? ToDate)
{
    /// <summary>
    /// Whether the rule may be used at an instant: it is live, and somewhere on earth it is one of its days. Which day it is for the
    /// shopper's website was decided with the cart, and an order placed a moment later keeps its discount.
    /// </summary>
    public bool IsUsable(DateTimeOffset at)
    {
        var (earliest, latest) = (DateOnly.FromDateTime(at.UtcDateTime.AddHours(-12)), DateOnly.FromDateTime(at.UtcDateTime.AddHours(14)));
        return Status == DefinitionStatus.Live && !(FromDate > latest) && !(ToDate < earliest);
    }
}

/// <summary>Reads cart rules as coupons see them, from their canonical JSON.</summary>
public sealed class CouponRules(NpgsqlDataSource database)
{
    private const string Select = """
        select id, status, body ->> 'couponType', (body ->> 'usesPerCoupon')::int, (body ->> 'couponUsesPerCustomer')::int,
            (body ->> 'usesPerCustomer')::int, (body ->> 'fromDate')::date, (body ->> 'toDate')::date
        from cart_rule where id = any($1)
        """;

    private const string Named = "select key, id from cart_rule where key = any($1)";

    /// <summary>The id of the rule with this id or key; 404 for an unknown key.</summary>
    public async Task<Guid> IdOfAsync(string idOrKey, CancellationToken cancellationToken) =>
        (await IdsOfAsync([idOrKey], cancellationToken)).TryGetValue(idOrKey, out var id) ? id : throw ProblemException.NotFound("cart rule with this id or key");

    /// <summary>Ids as they are, and those of the rules with the keys that exist, by what was asked.</summary>
    public async Task<IReadOnlyDictionary<string, Guid>> IdsOfAsync(IReadOnlyCollection<string> idsOrKeys, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Guid>();
        foreach (var text in idsOrKeys)
        {
            if (Guid.TryParse(text, out var id))
                found[text] = id;
        }

        if (found.Count == idsOrKeys.Count)
            return found;
        await using var command = database.CreateCommand(Named);
        command.Parameters.Add(new() { Value = idsOrKeys.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            found[reader.GetString(0)] = reader.GetGuid(1);
        return found;
    }

    /// <summary>The rule, null when there is none; archived ones are found.</summary>
    /// <param name="within">The connection of the transaction to read in; null = none.</param>
    public async Task<CouponRule?> FindAsync(Guid id, CancellationToken cancellationToken, NpgsqlConnection? within = null) =>
        (await FindAsync([id], cancellationToken, within)).GetValueOrDefault(id);

    /// <summary>Those of the rules that exist.</summary>
    /// <param name="within">The connection of the transaction to read in; null = none.</param>
    public async Task<IReadOnlyDictionary<Guid, CouponRule>> FindAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken, NpgsqlConnection? within = null)
    {
        var rules = new Dictionary<Guid, CouponRule>();
        if (ids.Count == 0)
            return rules;
        await using var command = within is null ? database.CreateCommand(Select) : new NpgsqlCommand(Select, within);
        command.Parameters.Add(new() { Value = ids.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rules[reader.GetGuid(0)] = new(
                reader.GetGuid(0), Enum.Parse<DefinitionStatus>(reader.GetString(1), true),
                reader.IsDBNull(2) ? CouponType.None : Enum.Parse<CouponType>(reader.GetString(2), true),
                Limit(reader, 3), Limit(reader, 4), Limit(reader, 5), Day(reader, 6), Day(reader, 7));
        }

        return rules;
    }

    private static int Limit(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? 0 : Math.Max(0, reader.GetInt32(column));

    private static DateOnly? Day(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateOnly>(column);
}
