using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Edge.Datastreams;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Edge;

/// <summary>
/// The door for browsers and apps that were made for Adobe's Edge Network. No key: the config id says whose they are. Not part of our
/// own API's description, because it is Adobe's.
/// </summary>
[ApiController]
[AllowAnonymous]
[EnableCors(EdgeSetup.Cors)]
[EdgeHeaders]
[EdgeFailures]
[ApiExplorerSettings(IgnoreApi = true)]
[Route("{edgeBase:edgeBase}/v1")]
[Route("{edgeBase:edgeBase}/{hint}/v1")]
[Route("{edgeBase:edgeBase}/{more}/{hint}/v1")]
public sealed class EdgeController(
    EdgeReading reading, EdgeEvents events, EdgeAudiences audiences, LiveDatastreams datastreams, IOptions<EdgeOptions> options, TimeProvider time) : ControllerBase
{
    /// <summary>Takes events, and answers with what they have changed.</summary>
    [HttpGet("interact")]
    [HttpPost("interact")]
    public async Task<IActionResult> InteractAsync(CancellationToken cancellationToken)
    {
        var request = await ReadAsync(cancellationToken);
        var outcome = await events.TakeAsync(request, cancellationToken);
        var handle = Begin(request, always: false);
        AddCookies(handle, request, null);
        await EdgeInteraction.AddAsync(handle, request, audiences, !outcome.MayCollect || PrivacyControl, cancellationToken);
        return Answer(request, handle, outcome);
    }

    /// <summary>Takes events of a page that is being left; nobody reads the answer.</summary>
    [HttpGet("collect")]
    [HttpPost("collect")]
    public async Task<IActionResult> CollectAsync(CancellationToken cancellationToken)
    {
        var request = await ReadAsync(cancellationToken);
        await events.TakeAsync(request, cancellationToken);
        AddCookies([], request, null);
        return NoContent();
    }

    /// <summary>Keeps a shopper's choice. Without the cookie in the answer no client sends any event.</summary>
    [HttpGet("privacy/set-consent")]
    [HttpPost("privacy/set-consent")]
    public async Task<IActionResult> SetConsentAsync(CancellationToken cancellationToken)
    {
        var request = await ReadAsync(cancellationToken);
        var choice = ConsentChoice.Read(request.Consent, PrivacyControl)
            ?? throw new ProblemException(400, "consent.unreadable", "consent says neither yes nor no: send Adobe 1.0 (general), Adobe 2.0 or IAB TCF 2.0.");
        if (await events.TakeAsync(request, choice, cancellationToken) is { } refusal)
            throw new ProblemException(400, refusal.Code, refusal.Detail);
        var collect = choice.Collect ?? await events.CollectConsentAsync(request, cancellationToken) ?? request.Datastream.DefaultConsent == DefaultConsent.In;
        var handle = Begin(request, always: true);
        AddCookies(handle, request, collect);
        return Answer(request, handle, null);
    }

    /// <summary>Tells a client which device it is.</summary>
    [HttpGet("identity/acquire")]
    [HttpPost("identity/acquire")]
    public async Task<IActionResult> AcquireAsync(CancellationToken cancellationToken)
    {
        var request = await ReadAsync(cancellationToken);
        var handle = Begin(request, always: true);
        AddCookies(handle, request, null);
        return Answer(request, handle, null);
    }

    /// <summary>Clients need no preflight; whoever asks is told.</summary>
    [HttpOptions("interact")]
    [HttpOptions("collect")]
    [HttpOptions("privacy/set-consent")]
    [HttpOptions("identity/acquire")]
    public IActionResult Options() => NoContent();

    /// <summary>A script that gives the page an identity before Adobe's collector starts.</summary>
    [HttpGet("identity.js")]
    public async Task<IActionResult> ScriptAsync(CancellationToken cancellationToken)
    {
        var datastream = await datastreams.FindAsync(EdgeReading.ConfigIdOf(Request), cancellationToken);
        var named = Organization.Of(Request.Query["orgId"].ToString());
        var organization = named ?? datastream.Organization
            ?? throw new ProblemException(400, "datastream.organization", "Nothing says which organisation the page is set up with: give the datastream one, or add orgId to the address.");
        // Each visitor gets an identity of his own, so no cache may keep it.
        Response.Headers.CacheControl = "no-store";
        Response.Headers.XContentTypeOptions = "nosniff";
        if (EdgeState.Read(Request, default, organization, null) is { IdentityCookie: not null } state && state.Organization == organization)
            return Script(IdentityScript.Nothing);
        var cookie = EdgeCookie.Identity(organization, new IdentityCookie(EcidMint.Random(), time.GetUtcNow(), true, options.Value.Region).Write());
        if (FirstParty.CommonDomain(Request) is { } domain)
            Response.Headers.Append("Set-Cookie", cookie.ToHeader(domain));
        return Script(IdentityScript.Setting(cookie));
    }

    /// <summary>Global Privacy Control: collected, but not used to choose what is shown.</summary>
    private bool PrivacyControl => Request.Headers["Sec-GPC"].ToString().Trim() == "1";

    private Task<EdgeRequest> ReadAsync(CancellationToken cancellationToken) => reading.ReadAsync(HttpContext, EdgeSender.Device, cancellationToken);

    private List<EdgeHandle> Begin(EdgeRequest request, bool always)
    {
        var handle = new List<EdgeHandle>();
        if (always || request.AsksForEcid)
            handle.Add(EdgeHandle.Identity(request.Ecid));
        handle.Add(EdgeHandle.LocationHint(options.Value.LocationHint));
        return handle;
    }

    /// <summary>What the client does not have yet, or not for much longer: its identity, and its consent when that was chosen.</summary>
    private void AddCookies(List<EdgeHandle> handle, EdgeRequest request, bool? consent)
    {
        if (request.State.Organization is not { } organization)
        {
            datastreams.TellNoOrganization(EdgeReading.ConfigIdOf(Request));
            return;
        }

        var cookies = new List<EdgeCookie>();
        var now = time.GetUtcNow();
        if (request.State.IdentityCookie is not { } kept)
            cookies.Add(EdgeCookie.Identity(organization, new IdentityCookie(request.Ecid, now, request.IsNew, options.Value.Region).Write()));
        else if ((consent ?? request.State.Consent) != false && IdentityCookie.Renewed(kept, now) is { } renewed)
            cookies.Add(EdgeCookie.Identity(organization, renewed));
        if (consent is { } isIn)
            cookies.Add(EdgeCookie.Consent(organization, isIn));
        if (cookies.Count == 0)
            return;
        handle.Add(EdgeHandle.Store(cookies));
        if (FirstParty.Domain(Request, request.Domain) is { } domain)
            foreach (var cookie in cookies)
                Response.Headers.Append("Set-Cookie", cookie.ToHeader(domain));
    }

    private JsonResult Answer(EdgeRequest request, List<EdgeHandle> handle, EdgeOutcome? outcome) => EdgeInteraction.Answer(request, handle, outcome?.Refused ?? []);

    private ContentResult Script(string text) => Content(text, "text/javascript; charset=utf-8");
}
