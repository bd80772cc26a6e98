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
            return Task.CompletedTask;
        });
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
