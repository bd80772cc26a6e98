using System.Text.Json;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>What all rehearsals are asked with.</summary>
public abstract record RehearsalRequest
{
    /// <summary>First day, in the website's time zone.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day, itself included.</summary>
    public required DateOnly To { get; init; }

    /// <summary>
    /// The website's code; when absent the only one that the block or rule is for, else <c>base</c>. Only what happened there counts, and
    /// what is rehearsed must be for it.
    /// </summary>
    public string? Website { get; init; }

    /// <summary>Examples in the report, at most 100; 10 when absent.</summary>
    public int? Examples { get; init; }
}

/// <summary>A cart rule to rehearse on the orders of a past period.</summary>
public sealed record CartRuleRehearsalRequest : RehearsalRequest
{
    /// <summary>The draft, as for creating a rule; its status and dates do not matter. This or <see cref="RuleId"/>.</summary>
    public JsonElement? Rule { get; init; }

    /// <summary>A rule that is kept already, by id or key.</summary>
    public string? RuleId { get; init; }

    /// <summary><c>none</c> (when absent): the rule alone. <c>live</c>: beside the rules live now, and only what it adds to their discount.</summary>
    public RehearsedBeside? Beside { get; init; }

    /// <summary>A rule that needs a coupon is tried on orders that used one of its codes; true = on every order, as if a code had been entered.</summary>
    public bool? AssumeCoupon { get; init; }
}

/// <summary>What a rehearsed rule stands beside.</summary>
public enum RehearsedBeside
{
    None,
    Live,
}

/// <summary>A dynamic block to rehearse on the visits of a past period.</summary>
public sealed record BlockRehearsalRequest : RehearsalRequest
{
    /// <summary>The draft, as for creating a block; its status and schedule do not matter. This or <see cref="BlockId"/>.</summary>
    public JsonElement? Block { get; init; }

    /// <summary>A block that is kept already, by id or key.</summary>
    public string? BlockId { get; init; }
}
