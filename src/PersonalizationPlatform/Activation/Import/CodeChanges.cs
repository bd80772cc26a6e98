using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Codes that a rule here lists, and that the body gives to another of its rules.</summary>
internal sealed class CodeChanges
{
    private readonly string[] contested;

    private CodeChanges(HashSet<Guid> givers, string[] contested) => (Givers, this.contested) = (givers, contested);

    /// <summary>The rules that seem to give up such codes.</summary>
    public HashSet<Guid> Givers { get; }

    /// <summary>Those of them that keep their codes because the body names none.</summary>
    public HashSet<Guid> Keepers { get; } = [];

    /// <param name="rules">The rules of the body.</param>
    /// <param name="chosen">The codes the body gives to rules, by their external ids.</param>
    public static async Task<CodeChanges> ReadAsync(
        PlatformDb db, CouponMoves moves, IReadOnlyList<ImportItem> rules, ILookup<string, ReadCoupon> chosen, CancellationToken cancellationToken)
    {
        var wanted = chosen.ToDictionary(rule => rule.Key, rule => rule.Select(coupon => CouponCode.Key(coupon.Code)).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var owners = await moves.OwnersAsync([.. wanted.Values.SelectMany(keys => keys).Distinct(StringComparer.Ordinal)], cancellationToken);
        var ids = owners.Values.Select(owner => owner.Rule).Distinct().ToList();
        var names = await db.Set<CartRuleDefinition>().AsNoTracking()
            .Where(rule => ids.Contains(rule.Id) && rule.ExternalId != null && rule.Status != DefinitionStatus.Archived)
            .ToDictionaryAsync(rule => rule.Id, rule => rule.ExternalId!, cancellationToken);
        HashSet<string> Wants(Guid rule) => names.TryGetValue(rule, out var name) && wanted.TryGetValue(name, out var keys) ? keys : [];

        var contested = owners.Where(code => code.Value.IsOwn && names.ContainsKey(code.Value.Rule) && !Wants(code.Value.Rule).Contains(code.Key))
            .ToDictionary(StringComparer.Ordinal);
        if (contested.Count == 0)
            return new([], []);
        var inBody = rules.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        var givers = contested.Values.Select(owner => owner.Rule).Where(rule => inBody.Contains(names[rule])).ToHashSet();
        // Whoever wants what its owner keeps will be refused, and keeps what it has in turn.
        while (givers.RemoveWhere(giver => Wants(giver).Any(key => owners.TryGetValue(key, out var owner) && owner.Rule != giver
            && !(contested.ContainsKey(key) && givers.Contains(owner.Rule)))) > 0)
        {
        }

        return new(givers, [.. contested.Keys]);
    }

    /// <summary>Frees the codes of those that are still givers.</summary>
    public Task SetAsideAsync(CouponMoves moves, CancellationToken cancellationToken)
    {
        Keepers.Clear();
        return moves.SetAsideAsync([.. Givers], contested, cancellationToken);
    }

    /// <summary>The givers that have kept their codes after all.</summary>
    public async Task<IReadOnlyCollection<Guid>> KeptAsync(CouponMoves moves, CancellationToken cancellationToken) =>
        [.. await moves.StillAsideAsync(contested, cancellationToken), .. Keepers];
}
