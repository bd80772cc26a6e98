using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Catalog;

/// <summary>Reads a product in either shape: ours strictly, Adobe Commerce's as it is.</summary>
internal static class ProductReading
{
    /// <summary>Null when <paramref name="errors"/> were added.</summary>
    public static ProductRequest? Read(JsonElement json, WebsiteSet websites, List<ProblemError> errors)
    {
        var before = errors.Count;
        JsonText.Check(json, "$", errors);
        return errors.Count > before ? null
            : AdobeProduct.Is(json) ? AdobeProduct.Read(json, websites, errors) : StrictJson.Read<ProductRequest>(json, errors);
    }
}

/// <summary>Binds the JSON body to a product, whichever shape it has.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ProductBodyAttribute : ModelBinderAttribute
{
    public ProductBodyAttribute()
        : base(typeof(ProductBodyBinder)) => BindingSource = BindingSource.Body;
}

internal sealed class ProductBodyBinder(LiveWebsites websites) : IModelBinder
{
    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var request = bindingContext.HttpContext.Request;
        if (!request.HasJsonContentType())
            throw new ProblemException(415, "http.contentType", "Send application/json.");
        using var json = await RequestBodies.ParseAsync(request);
        var errors = new List<ProblemError>();
        // JsonElement members outlive the document, so it is cloned.
        var product = ProductReading.Read(json.RootElement.Clone(), await websites.CurrentAsync(request.HttpContext.RequestAborted), errors);
        if (errors.Count > 0)
            throw new ProblemException(400, "request.invalid", "The request is not right in the places listed.", errors);
        bindingContext.Result = ModelBindingResult.Success(product);
    }
}
