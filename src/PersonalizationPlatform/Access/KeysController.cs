using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Access;

/// <summary>Keys: how callers are known, and what each may do.</summary>
[ApiController, Route("v1/keys"), Authorize(Policy = Scopes.Admin), Tags("Keys")]
public sealed class KeysController(PlatformDb db, ApiKeys keys, IKnowWebsites websites, TimeProvider time) : ControllerBase
{
    private static readonly string[] PublicScopes = [Scopes.Collect, Scopes.Decide];
    private static readonly string[] AllScopes = [Scopes.Collect, Scopes.Decide, Scopes.Admin, Scopes.Export];

    /// <summary>Makes a key.</summary>
    /// <remarks>
    /// The answer is the only place where the key itself is ever shown. To rotate, make a second one, move the callers over,
    /// then revoke the first. Errors: <c>key.scopes</c> (none, an unknown one, or more than a public key may have),
    /// <c>key.name</c>, <c>key.unknownWebsite</c>, <c>key.expiresAt</c>. An <c>Idempotency-Key</c> is ignored here: answering again would need the key to be kept.
    /// </remarks>
    [RequestExample("""{ "name": "Shop, live", "kind": "public", "scopes": ["collect", "decide"], "website": "base" }""")]
    [HttpPost(Name = "createKey")]
    [ProducesResponseType<CreatedKey>(201)]
    [ProducesResponseType<Problem>(400, "application/problem+json")]
    public async Task<ActionResult<CreatedKey>> Create([StrictBody] NewKey request, CancellationToken cancellationToken)
    {
        var now = Instant(time.GetUtcNow());
        var scopes = request.Scopes.Distinct().ToArray();
        var website = request.Website is null ? null : await websites.FindAsync(request.Website, cancellationToken);
        Check(request, scopes, website, now);
        var text = KeyText.New(request.Kind);
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            Name = request.Name,
            Kind = request.Kind,
            Scopes = scopes,
            Website = website,
            Hash = KeyText.Hash(text),
            Prefix = KeyText.Prefix(text),
            CreatedAt = now,
            ExpiresAt = request.ExpiresAt is { } expires ? Instant(expires) : null,
        };
        db.Add(key);
        await db.SaveChangesAsync(cancellationToken);
        keys.Forget();
        return Created($"/v1/keys/{key.Id}", new CreatedKey(text, KeyView.Of(key)));
    }

    /// <summary>Lists keys, revoked ones included, the oldest first. The keys themselves are not known any more.</summary>
    [HttpGet(Name = "listKeys")]
    [ProducesResponseType<Page<KeyView>>(200)]
    public async Task<Page<KeyView>> List([FromQuery] PageQuery page, CancellationToken cancellationToken = default)
    {
        var after = Guid.TryParse(page.After(), out var last) ? last : Guid.Empty;
        var found = await db.Set<ApiKey>().AsNoTracking().Where(key => key.Id > after).OrderBy(key => key.Id).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(found, key => key.Id.ToString(), KeyView.Of);
    }

    /// <summary>Revokes a key: it stops working here at once, on other nodes within a second, and for ever.</summary>
    [HttpDelete("{id:guid}", Name = "revokeKey")]
    [ProducesResponseType(204)]
    [ProducesResponseType<Problem>(404, "application/problem+json")]
    public async Task<IActionResult> Revoke(Guid id, CancellationToken cancellationToken)
    {
        var key = await db.Set<ApiKey>().SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken) ?? throw ProblemException.NotFound("such key");
        key.RevokedAt ??= Instant(time.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        keys.Forget();
        return NoContent();
    }

    private static void Check(NewKey request, string[] scopes, string? website, DateTimeOffset now)
    {
        var allowed = request.Kind == KeyKind.Public ? PublicScopes : AllScopes;
        var errors = new List<ProblemError>();
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200)
            errors.Add(new ProblemError("$.name", "key.name", "A name of 1 to 200 characters."));
        if (scopes.Length == 0)
            errors.Add(new ProblemError("$.scopes", "key.scopes", $"At least one of {string.Join(", ", allowed)}."));
        for (var i = 0; i < request.Scopes.Count; i++)
        {
            if (!allowed.Contains(request.Scopes[i]))
                errors.Add(new ProblemError($"$.scopes[{i}]", "key.scopes", $"A {(request.Kind == KeyKind.Public ? "public" : "secret")} key may have {string.Join(", ", allowed)}."));
        }

        if (request.Website is not null && website is null)
            errors.Add(new ProblemError("$.website", "key.unknownWebsite", "There is no website with this code; PUT /v1/websites/{code} describes one."));
        if (request.ExpiresAt <= now)
            errors.Add(new ProblemError("$.expiresAt", "key.expiresAt", "An instant in the future."));
        if (errors.Count > 0)
            throw new ProblemException(400, errors[0].Code, "The key cannot be made like this; see errors.", errors);
    }

    private static DateTimeOffset Instant(DateTimeOffset value) => new(value.UtcTicks - value.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}

/// <summary>A key to be made.</summary>
public sealed record NewKey
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary><c>public</c> for browsers, <c>secret</c> for servers.</summary>
    public required KeyKind Kind { get; init; }

    /// <summary>A public key: <c>collect</c>, <c>decide</c>. A secret one: also <c>export</c> and <c>admin</c>, which includes every other.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The website of events sent with it that do not name one.</summary>
    public string? Website { get; init; }

    /// <summary>When it stops working by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A key just made.</summary>
/// <param name="Key">The key itself. It is not stored and cannot be shown again.</param>
/// <param name="Details">What is kept about it.</param>
public sealed record CreatedKey(string Key, KeyView Details);

/// <summary>What is kept about a key.</summary>
/// <param name="Prefix">Its first characters, to recognise it by.</param>
public sealed record KeyView(
    Guid Id, string Name, KeyKind Kind, IReadOnlyList<string> Scopes, string? Website, string Prefix,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    internal static KeyView Of(ApiKey key) =>
        new(key.Id, key.Name, key.Kind, key.Scopes, key.Website, key.Prefix, key.CreatedAt, key.ExpiresAt, key.RevokedAt);
}
