using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;

namespace PersonalizationPlatform.Shoppers;

/// <summary>Which segments a shopper is in, was in, and why.</summary>
[ApiController]
[Route("v1/shoppers/{ns}/{id}/segments")]
[Tags("Shoppers")]
public sealed class ShopperSegmentsController(ShopperReader shoppers, SegmentDefinitions definitions, MembershipLog log) : ControllerBase
{
    /// <summary>The segments a shopper is in, exact at the instant of asking.</summary>
    /// <remarks>
    /// With <c>at</c>, the present definitions over everything that counts up to that instant, in whatever order it arrived. What was
    /// believed at that time is in the history. An unknown shopper gets whatever matches somebody nothing is known about.
    /// </remarks>
    /// <param name="ns">Namespace, e.g. <c>ECID</c>, <c>email</c>, <c>CustomerId</c>.</param>
    /// <param name="id">The identity's value.</param>
    /// <param name="at">An instant in the past, ISO 8601; a date alone is its first instant in UTC.</param>
    /// <param name="explain">Adds every live segment's verdict, node by node with its evidence.</param>
    /// <param name="website">Only segments that answer for this website.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    [HttpGet(Name = "getShopperSegments")]
    [Authorize(Policy = Scopes.Read)]
    [ProducesResponseType<ShopperSegments>(200)]
    [ProducesResponseType<ProblemDetails>(400, "application/problem+json")]
    public async Task<ShopperSegments> Get(
        string ns, string id, [FromQuery] string? at, [FromQuery] bool explain = false, [FromQuery] string? website = null,
        CancellationToken cancellationToken = default)
    {
        var identity = RequestedIdentity.Of(ns, id);
        if (at is null && !explain)
        {
            var view = await shoppers.ReadAsync([identity], cancellationToken);
            var live = await definitions.AtAsync(view.Epoch, cancellationToken);
            return new ShopperSegments(view.At, [.. live.InOrder.Where(s => Answers(s, website) && view.Members.ContainsKey(s.Id))
                .Select(s => new ShopperSegment(s.Id.Value, s.Key, s.Name, view.Members[s.Id].Since, view.Members[s.Id].Until))], null);
        }

        var (_, set, timeline, instant, _) = await shoppers.JudgeAsync([identity], RequestedInstant.Of(at), cancellationToken);
        var verdicts = timeline.At(instant);
        var items = new List<ShopperSegment>();
        var explained = explain ? new List<SegmentVerdict>() : null;
        for (var i = 0; i < verdicts.Length; i++)
        {
            var segment = set.InOrder[i];
            if (!Answers(segment, website))
                continue;
            if (verdicts[i].Matches)
                items.Add(new ShopperSegment(segment.Id.Value, segment.Key, segment.Name, timeline.Since(i, true, instant), verdicts[i].ChangesAt));
            explained?.Add(Explain(segment, verdicts[i], timeline, instant));
        }

        return new ShopperSegments(instant, items, explained);
    }

    /// <summary>What was believed, and when: the log of this shopper's entries and exits, never rewritten.</summary>
    /// <param name="ns">Namespace.</param>
    /// <param name="id">The identity's value.</param>
    /// <param name="page">Cursor and limit.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    [HttpGet("history", Name = "getShopperSegmentHistory")]
    [Authorize(Policy = Scopes.Read)]
    [ProducesResponseType<Page<LoggedChange>>(200)]
    public async Task<Page<LoggedChange>> History(string ns, string id, [FromQuery] PageQuery page, CancellationToken cancellationToken)
    {
        var after = long.TryParse(page.After(), out var position) ? position : 0;
        // Reading the segments first brings the log up to now.
        var view = await shoppers.ReadSettledAsync([RequestedIdentity.Of(ns, id)], cancellationToken);
        if (view.Profile is not { } profile)
            return new Page<LoggedChange>([], null);
        var rows = await log.OfProfileAsync(profile.Value, after, page.Rows, cancellationToken);
        return page.Of(rows, r => r.Position.ToString(System.Globalization.CultureInfo.InvariantCulture), r => r);
    }

    private static bool Answers(LiveSegment segment, string? website) => website is null || segment.AnswersFor(website);

    internal static SegmentVerdict Explain(LiveSegment segment, Verdict verdict, Timeline timeline, DateTimeOffset at) => new(
        segment.Id.Value, segment.Key, segment.Name, verdict.Matches, verdict.ChangesAt, segment.ApplyTo,
        timeline.IsOfPopulation(segment), segment.Condition?.Explain(timeline.MomentAt(at, segment.Settings)));
}

/// <summary>A shopper's segments at an instant.</summary>
public sealed record ShopperSegments(
    DateTimeOffset At, IReadOnlyList<ShopperSegment> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SegmentVerdict>? Verdicts);

/// <summary>A present membership.</summary>
/// <param name="Segment">The segment's id.</param>
/// <param name="Key">Its key.</param>
/// <param name="Name">Its name.</param>
/// <param name="Since">Since when, without interruption.</param>
/// <param name="Until">When time alone may end it.</param>
public sealed record ShopperSegment(Guid Segment, string Key, string Name, DateTimeOffset Since, DateTimeOffset? Until);

/// <summary>A segment's verdict and the reasons for it.</summary>
/// <param name="Segment">The segment's id.</param>
/// <param name="Key">Its key.</param>
/// <param name="Name">Its name.</param>
/// <param name="Matches">Whether the shopper is in it.</param>
/// <param name="ChangesAt">When time alone may flip that.</param>
/// <param name="ApplyTo">The population it is for.</param>
/// <param name="InPopulation">Whether the shopper belongs to that population; if not, the condition does not matter.</param>
/// <param name="Condition">The tree with each node's verdict and evidence; absent when the segment has no condition.</param>
public sealed record SegmentVerdict(
    Guid Segment, string Key, string Name, bool Matches, DateTimeOffset? ChangesAt, ApplyTo ApplyTo, bool InPopulation, Explanation? Condition);
