using Microsoft.AspNetCore.Mvc.Filters;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>404 <c>demo.notLoaded</c> unless this database holds the demo shop: nothing of it exists in anybody's own shop.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class WhileDemoIsLoadedAttribute : Attribute, IResourceFilter
{
    /// <summary>Before the request's body is read.</summary>
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        if (!context.HttpContext.RequestServices.GetRequiredService<DemoShop>().IsLoaded)
        {
            throw new ProblemException(
                404, "demo.notLoaded", "The demo shop is not loaded here. A start on an empty database, without --empty and with Demo:Load on, loads it.");
        }
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
