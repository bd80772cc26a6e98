using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>The pages of the demo storefront. Each address gives the same document, which shows what the address says.</summary>
[ApiController, AllowAnonymous, ApiExplorerSettings(IgnoreApi = true)]
public sealed class DemoPagesController(DemoShop demo) : ControllerBase
{
    /// <summary>All scripts, styles and pictures are the platform's own; pictures are drawn in the page.</summary>
    private const string Policy = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    private static readonly HashSet<string> Sections = new(StringComparer.Ordinal) { "c", "p", "search", "cart", "checkout", "order", "account", "about" };

    /// <summary>Whoever opens the service's address wants to see something.</summary>
    [HttpGet("/")]
    public IActionResult Root() => demo.IsLoaded ? Redirect("/demo") : NotFound();

    [HttpGet("/demo/{**page}"), WhileDemoIsLoaded]
    public IActionResult Page(string? page)
    {
        var section = page?.Split('/', 2)[0] ?? "";
        if (section is "api" or "assets")
            throw ProblemException.NotFound("such address");
        Response.Headers.ContentSecurityPolicy = Policy;
        Response.Headers["Referrer-Policy"] = "same-origin";
        Response.StatusCode = section.Length == 0 || Sections.Contains(section) ? 200 : 404;
        return Send(StorefrontFiles.Page);
    }

    [HttpGet("/demo/assets/{name}"), WhileDemoIsLoaded]
    public IActionResult Asset(string name) => Send(name);

    private FileContentResult Send(string name)
    {
        var file = StorefrontFiles.Find(name) ?? throw ProblemException.NotFound("such file");
        Response.Headers.XContentTypeOptions = "nosniff";
        Response.Headers.CacheControl = "no-cache";
        // An address without a page is answered with one all the same, and with 404, which a file result would make 200.
        return Response.StatusCode == 404
            ? new FileContentResult(file.Content, file.Type)
            : File(file.Content, file.Type, null, new EntityTagHeaderValue('"' + file.Version + '"'));
    }
}
