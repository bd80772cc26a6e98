namespace PersonalizationPlatform.Edge;

/// <summary>The first word of an Edge path: any, as clients may be set up with any, but none of the service's own.</summary>
internal sealed class EdgeBaseConstraint : IRouteConstraint
{
    /// <summary>What routes call it.</summary>
    public const string Name = "edgeBase";

    private const int MaxLength = 64;
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase) { "v1", "v2", "demo", "sdk", "swagger", "openapi", "health", "collection" };

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value) && value is string { Length: > 0 and <= MaxLength } word && !Own.Contains(word)
        && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
