using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Edge;

/// <summary>The headers every answer of the Edge has, refusals included.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class EdgeHeadersAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var http = context.HttpContext;
        http.Features.Set(new ProblemReport(EdgeReading.RequestIdOf(http.Request), EdgeReading.ConfigIdOf(http.Request)));
        // Whatever fails further in starts the answer anew.
        http.Response.OnStarting(() =>
        {
            var options = http.RequestServices.GetRequiredService<IOptions<EdgeOptions>>().Value;
            // An answer names one visitor, and clients may ask by GET.
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Adobe-Edge"] = $"{options.Region};{options.RegionId}";
            if (EdgeReading.RequestIdOf(http.Request) is { } requestId)
                http.Response.Headers["X-Request-ID"] = requestId;
            return Task.CompletedTask;
        });
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
