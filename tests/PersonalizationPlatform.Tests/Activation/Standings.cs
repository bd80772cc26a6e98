using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;

namespace PersonalizationPlatform.Tests.Activation;

/// <summary>Which segments and audiences a shopper of a test is in.</summary>
internal static class Standings
{
    /// <summary>As known, of a caller who may be told everything and says nothing instead.</summary>
    public static ShopperStanding Of(SegmentSet segments, ShopperView? shopper, string website = "base", NamedAudiences? named = null) =>
        new(shopper, segments, new DecisionCaller([], 0, named ?? NamedAudiences.None, IsTrusted: true, IsAdmin: false), null, website);
}
