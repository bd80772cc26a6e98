using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Profiles.Erasure;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Shoppers;

/// <summary>Everything known about one person or visitor, found by any identity.</summary>
[ApiController]
[Route("v1/profiles/{ns}/{id}")]
[Tags("Profiles")]
public sealed class ProfilesController(ProfileView profiles, ProfileErasure erasure) : ControllerBase
{
    /// <summary>Attributes with their source and time, identities, consents, first and last seen, memberships.</summary>
    /// <param name="ns">Namespace, e.g. <c>ECID</c>, <c>email</c>, <c>CustomerId</c>.</param>
    /// <param name="id">The identity's value.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    [HttpGet(Name = "getProfile")]
    [Authorize(Policy = Scopes.Read)]
    [ProducesResponseType<ProfileAnswer>(200)]
    [ProducesResponseType<ProblemDetails>(404, "application/problem+json")]
    public async Task<ProfileAnswer> Get(string ns, string id, CancellationToken cancellationToken) =>
        await profiles.ReadAsync(RequestedIdentity.Of(ns, id), cancellationToken) ?? throw Unknown();

    /// <summary>The events of the profile, newest first.</summary>
    /// <param name="ns">Namespace.</param>
    /// <param name="id">The identity's value.</param>
    /// <param name="page">Cursor and limit.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    [HttpGet("timeline", Name = "getProfileTimeline")]
    [Authorize(Policy = Scopes.Read)]
    [ProducesResponseType<Page<TimelineEvent>>(200)]
    [ProducesResponseType<ProblemDetails>(404, "application/problem+json")]
    public async Task<Page<TimelineEvent>> Timeline(string ns, string id, [FromQuery] PageQuery page, CancellationToken cancellationToken) =>
        await profiles.TimelineAsync(RequestedIdentity.Of(ns, id), page, cancellationToken) ?? throw Unknown();

    /// <summary>The profile's orders, newest first: each folded from every event that names it, whichever door it came through.</summary>
    /// <param name="ns">Namespace.</param>
    /// <param name="id">The identity's value.</param>
    /// <param name="page">Cursor and limit.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    [HttpGet("orders", Name = "getProfileOrders")]
    [Authorize(Policy = Scopes.Read)]
    [ProducesResponseType<Page<Order>>(200)]
    [ProducesResponseType<ProblemDetails>(404, "application/problem+json")]
    public async Task<Page<Order>> Orders(string ns, string id, [FromQuery] PageQuery page, CancellationToken cancellationToken) =>
        await profiles.OrdersAsync(RequestedIdentity.Of(ns, id), page, cancellationToken) ?? throw Unknown();

    /// <summary>Erases the person: history, attributes, orders, memberships, and every value by which it could be known.</summary>
    /// <remarks>
    /// Events from before the erasure that are posted again are answered as duplicates; what comes after starts a new profile. Of
    /// two people who share a device, only the one named is erased. Repeating the call is safe.
    /// </remarks>
    /// <param name="ns">Namespace.</param>
    /// <param name="id">The identity's value.</param>
    /// <param name="cancellationToken">Ends the erasure; it is done whole or not at all.</param>
    [HttpDelete(Name = "eraseProfile")]
    [Authorize(Policy = Scopes.Admin)]
    [ProducesResponseType(204)]
    public async Task<IActionResult> Erase(string ns, string id, CancellationToken cancellationToken)
    {
        await erasure.EraseAsync(RequestedIdentity.Of(ns, id), cancellationToken);
        return NoContent();
    }

    private static ProblemException Unknown() => ProblemException.NotFound("profile with this identity");
}
