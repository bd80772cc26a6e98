using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>A cart rule ready to decide: defaults filled in, conditions parsed. Immutable.</summary>
/// <param name="Condition">Null = always.</param>
/// <param name="ActionCondition">Null = every line.</param>
public sealed record CartRule(Guid Id, long Number, string? ExternalId, string Key, string Name, CartRuleAction Action, Condition? Condition, Condition? ActionCondition)
{
    /// <summary>Of the definition it was made from; 0 = none.</summary>
    public int Version { get; init; }
    public string? Description { get; init; }

    /// <summary>Only live rules decide; a rehearsed draft is treated as one.</summary>
    public DefinitionStatus Status { get; init; } = DefinitionStatus.Live;

    /// <summary>Empty = every website.</summary>
    public IReadOnlySet<string> Websites { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Empty = every group.</summary>
    public IReadOnlySet<int> CustomerGroups { get; init; } = new HashSet<int>();
    public DateOnly? FromDate { get; init; }
    public DateOnly? ToDate { get; init; }
    public int Priority { get; init; }
    public bool Stop { get; init; }
    public decimal Amount { get; init; }

    /// <summary>0 = no limit.</summary>
    public decimal MaxQty { get; init; }

    /// <summary>0 = none.</summary>
    public int Step { get; init; }
    public bool ApplyToShipping { get; init; }
    public FreeShipping FreeShipping { get; init; }
    public IReadOnlySet<string> GiftSkus { get; init; } = new HashSet<string>(StringComparer.Ordinal);
    public decimal GiftQty { get; init; } = 1;
    public CouponType CouponType { get; init; }

    /// <summary>0 = unlimited; so for all limits.</summary>
    public int UsesPerCoupon { get; init; }
    public int CouponUsesPerCustomer { get; init; }
    public int UsesPerCustomer { get; init; }
    public string? Label { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public int RewardPoints { get; init; }
}
