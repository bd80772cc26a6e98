using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>
/// Keeps visitors in a cookie of their own browser, signed with a secret of the installation, so that nobody can be asked about but
/// oneself. The device's id is given to the page's script in a second cookie, the SDK's.
/// </summary>
internal sealed class DemoSessions(NpgsqlDataSource database)
{
    public const string Cookie = "pp_demo";
    public const string DeviceCookie = "pp_device";
    private const int MaxCookie = 3_800;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(395);

    private volatile byte[]? key;

    /// <summary>The visitor whose cookie came with the request; null when there is none, or not one of ours.</summary>
    public async ValueTask<DemoVisitor?> FindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Cookies[Cookie] is not { Length: <= MaxCookie } text || text.Split('.') is not [var body, var mac])
            return null;
        var expected = Sign(body, await KeyAsync(cancellationToken));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(mac), Encoding.UTF8.GetBytes(expected)))
            return null;
        return JsonSerializer.Deserialize<DemoVisitor>(Base64Url.DecodeFromChars(body), HttpSetup.Json);
    }

    /// <summary>401 <c>demo.noSession</c> without a visitor.</summary>
    public async ValueTask<DemoVisitor> RequireAsync(HttpRequest request, CancellationToken cancellationToken) =>
        await FindAsync(request, cancellationToken)
        ?? throw new ProblemException(401, "demo.noSession", "Open a page of the demo storefront first: GET /demo/api/session gives the cookie this needs.");

    /// <summary>Gives the browser its cookies.</summary>
    public async Task WriteAsync(HttpContext context, DemoVisitor visitor, CancellationToken cancellationToken)
    {
        var body = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(visitor, HttpSetup.Json));
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Path = "/demo", MaxAge = Lifetime };
        context.Response.Cookies.Append(Cookie, body + "." + Sign(body, await KeyAsync(cancellationToken)), options);
        options.HttpOnly = false;
        options.Path = "/";
        context.Response.Cookies.Append(DeviceCookie, visitor.Device.ToString(), options);
    }

    /// <summary>A number made from the installation's secret, the visitor and a text: the same again when asked again.</summary>
    public async ValueTask<string> ReferenceAsync(DemoVisitor visitor, string text, CancellationToken cancellationToken) =>
        Convert.ToHexString(HMACSHA256.HashData(await KeyAsync(cancellationToken), Encoding.UTF8.GetBytes($"{visitor.Device}\n{text}")))[..10];

    private static string Sign(string body, byte[] key) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(body)));

    private async ValueTask<byte[]> KeyAsync(CancellationToken cancellationToken) =>
        key ??= await PlatformSecret.ReadOrMakeAsync(database, "demo-storefront-session", cancellationToken);
}
