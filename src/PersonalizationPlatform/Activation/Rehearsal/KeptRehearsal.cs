using PersonalizationPlatform.Activation.CartRules;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>A checked request to rehearse a cart rule.</summary>
/// <param name="Rule">Conditions canonical.</param>
/// <param name="Kept">The rule's id when it is kept already.</param>
internal sealed record KeptCartRule(CartRuleRequest Rule, RehearsedBeside Beside, bool AssumeCoupon, int Examples, Guid? Kept = null);

/// <summary>A checked request to rehearse a block.</summary>
internal sealed record KeptBlock(IReadOnlyList<Guid> Segments, IReadOnlyList<Guid> Audiences, int Examples);
