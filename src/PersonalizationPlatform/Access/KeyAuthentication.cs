using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Access;

/// <summary>
/// Knows a caller by its key: <c>Authorization: Bearer …</c>, <c>Authorization: Basic …</c> with the key as the user's name and any
/// password (trackers call it the write key), <c>x-api-key: …</c>, or <c>?key=…</c> for beacons, which cannot send headers. What stands in
/// <c>Authorization</c> may be somebody else's token where <c>x-api-key</c> brings the key.
/// Addresses end up in histories and logs, so secret keys are not taken from there.
/// </summary>
internal sealed class KeyAuthentication(
    ApiKeys keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Key";

    private const string Basic = "Basic ";
    private const string Realm = "Bearer realm=\"personalization-platform\"";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if ((Read() ?? await ReadElsewhereAsync()) is not { } sent)
            return AuthenticateResult.NoResult();
        var key = await FindAsync(sent.Text);
        // Adobe's servers send a token of Adobe's along, and proxies send what is theirs.
        if (key is null && Beside(sent) is { } beside)
            key = await FindAsync(beside);
        if (key is null)
            return AuthenticateResult.Fail("The key is unknown, expired or revoked.");
        if (sent.InAddress && key.Kind == KeyKind.Secret)
            return AuthenticateResult.Fail("A secret key is only taken from the Authorization header, never from the address.");
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(Identity(key)), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure?.Message;
        Response.Headers.WWWAuthenticate = failure is null ? Realm : Realm + ", error=\"invalid_token\"";
        await Problem.WriteAsync(
            Context, StatusCodes.Status401Unauthorized, failure is null ? "key.missing" : "key.invalid",
            failure ?? "Send a key: Authorization: Bearer <key>, or for a public key ?key=<key>.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).LastOrDefault(policy => policy is not null);
        Response.Headers.WWWAuthenticate = $"{Realm}, error=\"insufficient_scope\", scope=\"{needed}\"";
        return Problem.WriteAsync(Context, StatusCodes.Status403Forbidden, "key.scope", needed switch
        {
            Scopes.CollectSecret => "This needs a secret key with the scope collect.",
            Scopes.DecideSecret => "This needs a secret key with the scope decide.",
            Scopes.Read => "This needs a secret key with the scope admin or export.",
            _ => $"This needs a key with the scope {needed}.",
        });
    }

    private static ClaimsIdentity Identity(KnownKey key)
    {
        var identity = new ClaimsIdentity(SchemeName);
        identity.AddClaim(new Claim(Scopes.KeyIdClaim, key.Id.ToString()));
        identity.AddClaim(new Claim(Scopes.KindClaim, key.Kind == KeyKind.Public ? "public" : "secret"));
        foreach (var scope in key.Scopes)
            identity.AddClaim(new Claim(Scopes.ScopeClaim, scope));
        if (key.Website is not null)
            identity.AddClaim(new Claim(Scopes.WebsiteClaim, key.Website));
        return identity;
    }

    /// <summary><c>x-api-key</c>.</summary>
    private string? InHeader => Request.Headers["x-api-key"].ToString().Trim() is { Length: > 0 } sent ? sent : null;

    private async ValueTask<KnownKey?> FindAsync(string text) => text.Length <= 256 ? await keys.FindAsync(text, Context.RequestAborted) : null;

    /// <summary>The key in <c>x-api-key</c>, where that is not the one already looked at.</summary>
    private string? Beside(SentKey sent) => !sent.InAddress && InHeader != sent.Text ? InHeader : null;

    private SentKey? Read()
    {
        const string scheme = "Bearer ";
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return new SentKey(header[scheme.Length..].Trim(), false);
        if (header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return new SentKey(UserName(header.AsSpan(Basic.Length).Trim()), false);
        if (InHeader is { } sent)
            return new SentKey(sent, false);
        return Request.Query.TryGetValue("key", out var value) && !string.IsNullOrEmpty(value) ? new SentKey(value.ToString(), true) : null;
    }

    private async ValueTask<SentKey?> ReadElsewhereAsync() =>
        Context.GetEndpoint()?.Metadata.GetMetadata<KeyPlaceAttribute>() is { } place ? await place.FindAsync(Context) : null;

    /// <summary>What cannot be read is no key that exists.</summary>
    private static string UserName(ReadOnlySpan<char> credentials)
    {
        Span<byte> bytes = stackalloc byte[512];
        if (credentials.Length > 512 || !Convert.TryFromBase64Chars(credentials, bytes, out var length))
            return "";
        var text = Encoding.UTF8.GetString(bytes[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? text : text[..colon];
    }
}
