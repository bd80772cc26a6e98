using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Storefront;

/// <summary>
/// Serves the storefront SDK to any page: the newest under <c>/sdk/…</c>, which is asked for again soon, and this version under
/// <c>/sdk/{version}/…</c>, which never changes.
/// </summary>
[ApiController]
[Route("sdk")]
[AllowAnonymous]
[DisableCors] // Its own answer holds for every origin, whatever the API's says.
[ApiExplorerSettings(IgnoreApi = true)]
public sealed class SdkController(SdkFiles files) : ControllerBase
{
    [HttpGet("{name}")]
    [HttpHead("{name}")]
    public IActionResult Newest(string name) => Answer(name, "public, max-age=300, stale-while-revalidate=86400");

    [HttpGet("{version}/{name}")]
    [HttpHead("{version}/{name}")]
    public IActionResult Pinned(string version, string name) => version == files.Version
        ? Answer(name, "public, max-age=31536000, immutable")
        : throw new ProblemException(404, "sdk.version", $"This service has version {files.Version} of the storefront SDK.");

    private FileContentResult Answer(string name, string caching)
    {
        var file = files.Find(name) ?? throw new ProblemException(404, "sdk.file", "The storefront SDK has no such file.");
        var (bytes, encoding) = Accepts("br") ? (file.Brotli, "br") : Accepts("gzip") ? (file.Gzip, "gzip") : (file.Plain, null);
        Response.Headers.CacheControl = caching;
        Response.Headers.Vary = HeaderNames.AcceptEncoding;
        Response.Headers.ContentEncoding = encoding;
        Response.Headers.AccessControlAllowOrigin = "*";
        Response.Headers.XContentTypeOptions = "nosniff";
        Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return new FileContentResult(bytes, file.ContentType) { EntityTag = new EntityTagHeaderValue($"\"{file.Tag}{(encoding is null ? "" : "-" + encoding)}\"") };
    }

    private bool Accepts(string encoding) =>
        StringWithQualityHeaderValue.TryParseList(Request.Headers.AcceptEncoding, out var accepted)
        && accepted.Any(it => it.Quality is not 0 && it.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase));
}
