using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>
/// Runs a block over the visits of a past period: page views and product views of one shopper on the website with never more than half an
/// hour between them. Adobe's storefront client sends both for the page of a product, a shop's server perhaps product views only.
/// </summary>
internal sealed class BlockRehearsal(BlockTargets targets, WebsiteSettings website, Period period, SegmentSet segments, Tally tally)
{
    /// <summary>Kinds of events that make a visit.</summary>
    public static readonly IReadOnlyList<string> Kinds = [PageView, ProductPageView];

    private const string PageView = "pageView";
    private const string ProductPageView = "productPageView";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(30);

    public static readonly IReadOnlyList<string> Assumptions =
    [
        "A visit is a shopper's page views and product views on the website with at most half an hour between one and the next.",
        "The block shows on one of them if the shopper was in one of its segments just then, and in one of its audiences where it has any, as these are defined today.",
        "Views are page views; in a visit that has none, product views.",
        "Locations, schedule and associated promotions are not looked at: events do not tell which places a page had.",
    ];

    public void Look(ProfileSnapshot snapshot, Timeline timeline)
    {
        var visit = new List<EventFact>();
        foreach (var e in snapshot.Facts.Events)
        {
            if ((!Is(e, PageView) && !Is(e, ProductPageView)) || !period.Contains(e.CountsAt)
                || !string.Equals(e.Content.Website ?? "base", website.Code, StringComparison.OrdinalIgnoreCase))
                continue;
            if (visit.Count > 0 && e.CountsAt - visit[^1].CountsAt > Pause)
                Count(visit, snapshot.Profile, timeline);
            visit.Add(e);
        }

        Count(visit, snapshot.Profile, timeline);
    }

    private void Count(List<EventFact> visit, Guid profile, Timeline timeline)
    {
        if (visit.Count == 0)
            return;
        var shown = visit.FindAll(view => Shows(timeline.MomentAt(view.CountsAt, website)));
        tally.Look(period.DayOf(visit[0].CountsAt), profile, Members(timeline, visit[^1].CountsAt), shown.Count > 0);
        tally.Views += visit.Exists(view => Is(view, PageView)) ? shown.Count(view => Is(view, PageView)) : shown.Count;
        foreach (var sku in shown.SelectMany(view => view.Content.Items).Select(item => item.Sku).OfType<string>())
            tally.Product(sku, 0, 0);
        if (shown.Count > 0)
        {
            var skus = shown.SelectMany(view => view.Content.Items).Select(item => item.Sku).OfType<string>().Distinct().Take(20).ToList();
            var at = shown[0].CountsAt;
            tally.Example(() => new(null, at, profile, null, null, skus));
        }

        visit.Clear();
    }

    private static bool Is(EventFact e, string kind) => string.Equals(e.Kind, kind, StringComparison.OrdinalIgnoreCase);

    private bool Shows(Moment moment) => targets.Of(
        id => segments.Find(id)?.AnswersFor(website.Code) == true && moment.Segments(id).Matches, id => moment.Audience(id).Matches) is not null;

    private IEnumerable<SegmentId> Members(Timeline timeline, DateTimeOffset at)
    {
        var verdicts = timeline.At(at);
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i].Matches && segments.InOrder[i].AnswersFor(website.Code))
                yield return segments.InOrder[i].Id;
        }
    }
}
