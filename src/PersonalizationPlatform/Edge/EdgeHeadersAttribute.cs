using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;

namespace PersonalizationPlatform.Edge;

/// <summary>The headers every answer of the Edge has, refusals included.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class EdgeHeadersAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var http = context.HttpContext;
        // Whatever fails further in starts the answer anew.
        http.Response.OnStarting(() =>
        {
            var options = http.RequestServices.GetRequiredService<IOptions<EdgeOptions>>().Value;
            http.Response.Headers["X-Adobe-Edge"] = $"{options.Region};{options.RegionId}";
            if (EdgeReading.RequestIdOf(http.Request) is { } requestId)
                http.Response.Headers["X-Request-ID"] = requestId;
            // What the page's script may read: without it a client knows of no Retry-After.
            if (http.Request.Headers.Origin.Count > 0)
                http.Response.Headers.AccessControlExposeHeaders = "Retry-After, X-Adobe-Edge, X-Request-ID";
            return Task.CompletedTask;
        });
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
