using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>Who is in a segment, how many, and how many would be.</summary>
[ApiController]
[Route("v1/segments")]
[Tags("Segments")]
public sealed class MembersController(Members members, SegmentEstimate estimates) : ControllerBase
{
    /// <summary>The members of a segment, by profile id. The count is of the same rows as the list.</summary>
    /// <param name="segment">Id or key.</param>
    /// <param name="page">Cursor and limit.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    [HttpGet("{segment}/members", Name = "listSegmentMembers")]
    [Authorize(Policy = Scopes.Export)]
    [ProducesResponseType<MemberPage>(200)]
    [ProducesResponseType<ProblemDetails>(404, "application/problem+json")]
    public Task<MemberPage> List(string segment, [FromQuery] PageQuery page, CancellationToken cancellationToken) =>
        members.PageAsync(segment, page, cancellationToken);

    /// <summary>How many shoppers a draft would have, before it is saved.</summary>
    /// <remarks>
    /// Exact up to a few thousand profiles; above, from an even sample, with a 95 % interval. 400 <c>segment.invalid</c> lists what is wrong
    /// with the condition.
    /// </remarks>
    /// <param name="draft">A definition as for creating a segment; only <c>condition</c>, <c>applyTo</c> and <c>website</c> matter.</param>
    [RequestExample("""
        {
          "condition": { "type": "measure", "event": "orderPlaced", "calculate": "sum", "field": "order.total", "within": "P90D",
            "where": { "type": "compare", "field": "order.status", "operator": "equals", "value": "complete" },
            "operator": "atLeast", "value": 200 }
        }
        """)]
    [HttpPost("estimate")]
    [Authorize(Policy = Scopes.Admin)]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<Estimate>(200)]
    [ProducesResponseType<ProblemDetails>(400, "application/problem+json")]
    public Task<Estimate> Estimate([StrictBody] EstimateRequest draft, CancellationToken cancellationToken) => estimates.RunAsync(draft, cancellationToken);
}

/// <summary>What to estimate. The other members of a segment's definition may stand here and do not matter.</summary>
[ReadOnlyMembers("id", "version", "createdAt", "updatedAt", "filled", "usedBy", "name", "key", "description", "status", "externalId", "external")]
public sealed record EstimateRequest
{
    /// <summary><c>both</c> when absent.</summary>
    public ApplyTo? ApplyTo { get; init; }

    /// <summary>The website whose currency amounts are compared in; absent = the shop's.</summary>
    public string? Website { get; init; }

    /// <summary>The condition tree.</summary>
    public required JsonElement Condition { get; init; }
}

/// <summary>A count before saving.</summary>
/// <param name="Count">The members there would be.</param>
/// <param name="Low">Lower end of the 95 % interval; equal to the count when exact.</param>
/// <param name="High">Upper end.</param>
/// <param name="Sampled">Profiles judged.</param>
/// <param name="Population">Profiles there are.</param>
/// <param name="Exact">Whether every profile was judged.</param>
public sealed record Estimate(long Count, long Low, long High, long Sampled, long Population, bool Exact);

/// <summary>One member.</summary>
/// <param name="Profile">The profile's id.</param>
/// <param name="Since">Since when, without interruption.</param>
/// <param name="Until">When time alone may end it.</param>
/// <param name="Identities">The identities that are the profile's now.</param>
public sealed record Member(Guid Profile, DateTimeOffset Since, DateTimeOffset? Until, IReadOnlyList<MemberIdentity> Identities);

/// <summary>An identity of a member.</summary>
public sealed record MemberIdentity(string Namespace, string Id);

/// <summary>One page of members.</summary>
/// <param name="Count">All members.</param>
/// <param name="Version">The definition's version most of the list was judged under.</param>
/// <param name="Filled">Whether every profile has been judged under the present version; until then some are still listed by the one before.</param>
/// <param name="Items">This page.</param>
/// <param name="NextCursor">Absent on the last page.</param>
public sealed record MemberPage(
    long Count, int Version, bool Filled, IReadOnlyList<Member> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);
