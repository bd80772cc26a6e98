using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Routing.Patterns;

namespace PersonalizationPlatform.Http;

/// <summary>
/// Looks at the texts of an address before anybody else does: a name in the path is what its sender escaped, slashes included; a blank
/// one names nothing; and no text holds a NUL, which PostgreSQL does not take.
/// </summary>
internal sealed class AddressTexts : IResourceFilter
{
    private const string EscapedSlash = "%2F";

    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        foreach (var (name, values) in context.HttpContext.Request.Query)
        {
            if (name.Contains('\0') || values.Any(value => value?.Contains('\0') == true))
                throw Unusable(name);
        }

        var route = context.RouteData.Values;
        foreach (var (name, value) in route.ToList())
        {
            if (value is not string text)
                continue;
            if (string.IsNullOrWhiteSpace(text))
                throw new ProblemException(404, "notFound", "There is nothing at this address: a name in it is blank.");
            if (text.Contains('\0'))
                throw Unusable(name);
            if (text.Contains(EscapedSlash, StringComparison.OrdinalIgnoreCase))
                route[name] = Unescaped(context.HttpContext, name, text);
        }
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }

    /// <summary>
    /// The server decodes everything but slashes, so that <c>%2F</c> and <c>%252F</c> look alike afterwards; which of them was sent stands
    /// in the target as it came.
    /// </summary>
    private static string Unescaped(HttpContext context, string name, string text)
    {
        var sent = (context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Split('?', 2)[0].TrimEnd('/').Split('/');
        var decoded = (context.Request.PathBase + context.Request.Path).Value!.TrimEnd('/').Split('/');
        var segments = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.PathSegments ?? [];
        for (var fromEnd = 1; fromEnd <= segments.Count && sent.Length == decoded.Length; fromEnd++)
        {
            if (segments[^fromEnd].Parts is [RoutePatternParameterPart parameter] && parameter.Name == name)
                return Uri.UnescapeDataString(sent[^fromEnd]);
        }

        // Segments such as ".." are gone from the path, and with them the places.
        return text.Replace(EscapedSlash, "/", StringComparison.OrdinalIgnoreCase);
    }

    private static ProblemException Unusable(string name) => ProblemException.Invalid(
        "request.text", "The address holds a NUL.", new ProblemError(name.Replace("\0", "", StringComparison.Ordinal), "request.text", "This text holds a NUL."));
}
