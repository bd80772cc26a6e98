using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>The facts cut at an instant: what a condition is judged against. Pure; nothing here waits.</summary>
public sealed class Moment
{
    /// <param name="facts">All that is known.</param>
    /// <param name="at">The instant; only events with <c>CountsAt ≤ at</c> are seen.</param>
    /// <param name="segments">Verdicts of segments judged before, in dependency order; unknown ones are false.</param>
    /// <param name="website">The website whose currency applies.</param>
    /// <param name="untimedAsKnown">
    /// True for questions about the past (<c>?at=</c>): attributes without a source time hold as known now.
    /// False while stepping a refresh: they hold from the instant they were received.
    /// </param>
    public Moment(Facts facts, DateTimeOffset at, Func<SegmentId, Verdict> segments, WebsiteSettings website, bool untimedAsKnown = true)
    {
        UntimedAsKnown = untimedAsKnown;
        Facts = facts;
        At = at;
        Segments = segments;
        Website = website;
    }

    public Facts Facts { get; }
    public DateTimeOffset At { get; }
    public Func<SegmentId, Verdict> Segments { get; }
    public WebsiteSettings Website { get; }
    public bool UntimedAsKnown { get; }

    /// <summary>Verdicts of audiences; by default an audience is an imported list and the answer is whether the shopper is on it.</summary>
    public Func<AudienceId, Verdict>? Audiences { get; init; }

    /// <summary>Segments that only have an external id so far; none by default.</summary>
    public Func<string, Verdict> ExternalSegments { get; init; } = static _ => Verdict.False;

    /// <summary>Audiences that only have an external id so far; none by default.</summary>
    public Func<string, Verdict> ExternalAudiences { get; init; } = static _ => Verdict.False;

    /// <summary>
    /// Whether a product or cart line without an attribute satisfies negative operators on it. Catalogue rules say no; cart rules
    /// have a setting.
    /// </summary>
    public bool NegativesHoldWhenMissing { get; init; } = true;

    internal Verdict Audience(AudienceId audience) =>
        Audiences is { } judge ? judge(audience) : Facts.Lists.Contains(audience) ? Verdict.True : Verdict.False;

    /// <summary>The order facts as of this instant, ascending by (PlacedAt, Key).</summary>
    internal Order[] Orders => Facts.Index.OrdersAt(At);

    /// <summary>The cart as of this instant.</summary>
    internal Cart Cart => Facts.Index.CartAt(At);

    /// <summary>The wish list as of this instant.</summary>
    internal IReadOnlyList<LineItem> WishList => Facts.Index.WishListAt(At);

    /// <summary>The newest assertion of an attribute that is known, null when none is.</summary>
    internal KnownAttribute? Attribute(string name) => Facts.Index.Attribute(name, At, UntimedAsKnown);
}

/// <summary>What a website decides for conditions.</summary>
/// <param name="Code">The website's code, e.g. <c>base</c>.</param>
/// <param name="Currency">ISO 4217; the currency amounts are compared in unless the condition names one.</param>
public sealed record WebsiteSettings(string Code, string Currency)
{
    public static readonly WebsiteSettings Base = new("base", "USD");
}
