using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace PersonalizationPlatform.Http;

/// <summary>Binds the JSON body through <see cref="StrictJson"/>: for what a person writes.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class StrictBodyAttribute : ModelBinderAttribute
{
    public StrictBodyAttribute()
        : base(typeof(StrictBodyBinder)) => BindingSource = BindingSource.Body;
}

/// <summary>Binds the JSON body and ignores members it does not know; <c>text/plain</c> is taken too, which browsers send without a preflight.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TolerantBodyAttribute : ModelBinderAttribute
{
    public TolerantBodyAttribute()
        : base(typeof(TolerantBodyBinder)) => BindingSource = BindingSource.Body;
}

internal sealed class StrictBodyBinder : IModelBinder
{
    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var request = bindingContext.HttpContext.Request;
        if (!request.HasJsonContentType())
            throw new ProblemException(415, "http.contentType", "Send application/json.");
        using var json = await RequestBodies.ParseAsync(request);
        var errors = new List<ProblemError>();
        // JsonElement members outlive the document, so it is cloned.
        var model = StrictJson.Read(bindingContext.ModelType, json.RootElement.Clone(), errors);
        if (errors.Count > 0)
            throw new ProblemException(400, "request.invalid", "The request is not right in the places listed.", errors);
        bindingContext.Result = ModelBindingResult.Success(model);
    }
}

internal sealed class TolerantBodyBinder : IModelBinder
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var request = bindingContext.HttpContext.Request;
        if (request.ContentType is { } type && !request.HasJsonContentType() && !type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(415, "http.contentType", "Send application/json.");
        using var json = await RequestBodies.ParseAsync(request);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw ProblemException.Invalid("request.invalid", "The body must be one JSON object.", new ProblemError("$", "json.type", "This must be one JSON object."));
        var errors = new List<ProblemError>();
        JsonText.Check(json.RootElement, "$", errors);
        if (errors.Count > 0)
            throw new ProblemException(400, "request.invalid", "The request is not right in the places listed.", errors);
        try
        {
            bindingContext.Result = ModelBindingResult.Success(json.RootElement.Deserialize(bindingContext.ModelType, Options));
        }
        catch (JsonException e)
        {
            throw ProblemException.Invalid("request.invalid", "A member has the wrong type.", new ProblemError(e.Path ?? "$", "json.type", "This member has the wrong type."));
        }
    }
}

internal static class RequestBodies
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = StrictJson.MaxDepth };

    /// <exception cref="ProblemException">400 <c>json.syntax</c>; 415 <c>http.contentEncoding</c>: the bodies of definitions and decisions are small.</exception>
    public static async Task<JsonDocument> ParseAsync(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(415, "http.contentEncoding", "Send the body as it is, without a Content-Encoding.");
        try
        {
            return await JsonDocument.ParseAsync(request.Body, Options, request.HttpContext.RequestAborted);
        }
        catch (JsonException e)
        {
            var detail = $"This is not JSON from line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} on.";
            throw ProblemException.Invalid("json.syntax", detail, new ProblemError("$", "json.syntax", detail));
        }
    }
}
