using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>Runs a block over the visits of a past period: page views of one shopper with never more than half an hour between them.</summary>
internal sealed class BlockRehearsal(
    IReadOnlyList<SegmentId> forSegments, IReadOnlyList<AudienceId> forAudiences, WebsiteSettings website, Period period, SegmentSet segments, Tally tally)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(30);

    public static readonly IReadOnlyList<string> Assumptions =
    [
        "A visit is a shopper's page views with at most half an hour between one and the next.",
        "The block shows on a page view if the shopper was in one of its segments or audiences just then, as these are defined today.",
        "Locations, schedule and associated promotions are not looked at: events do not tell which places a page had.",
    ];

    public void Look(ProfileSnapshot snapshot, Timeline timeline)
    {
        var visit = new List<EventFact>();
        foreach (var e in snapshot.Facts.Events)
        {
            if ((!Is(e, "pageView") && !Is(e, "productPageView")) || !period.Contains(e.CountsAt)
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
        tally.Views += shown.Count(view => Is(view, "pageView"));
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

    private bool Shows(Moment moment) =>
        (forSegments.Count == 0 && forAudiences.Count == 0)
        || forSegments.Any(id => segments.Find(id)?.AnswersFor(website.Code) == true && moment.Segments(id).Matches)
        || forAudiences.Any(id => moment.Audience(id).Matches);

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
