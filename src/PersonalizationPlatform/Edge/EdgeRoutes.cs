namespace PersonalizationPlatform.Edge;

/// <summary>
/// The first word of an Edge path: any, as clients may be set up with any. What follows must be written exactly as Adobe's clients write
/// it; elsewhere letters may be large or small.
/// </summary>
internal sealed class EdgeBaseConstraint : IRouteConstraint
{
    /// <summary>What routes call it.</summary>
    public const string Name = "edgeBase";

    private const int MaxLength = 64;

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value) && value is string { Length: > 0 and <= MaxLength } word
        && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') && IsExact(httpContext?.Request.Path.Value);

    /// <summary>From the version on: <c>/v1/interact</c>.</summary>
    private static bool IsExact(string? path) =>
        path is null || (path.LastIndexOf("/v", StringComparison.Ordinal) is >= 0 and var version && !path.AsSpan(version).ContainsAnyInRange('A', 'Z'));
}
