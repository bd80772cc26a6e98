using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace PersonalizationPlatform.Http;

/// <summary>Explains why a request did not bind: where its JSON breaks off, or which member or parameter is not what it should be.</summary>
internal static partial class InvalidRequest
{
    public static IActionResult Answer(ActionContext context)
    {
        var errors = context.ModelState.SelectMany(entry => entry.Value!.Errors.Select(error => Explain(entry.Key, error))).DistinctBy(error => (error.Path, error.Detail)).ToList();
        var syntax = errors.Find(error => error.Code == "json.syntax");
        var problem = syntax is not null
            ? Problem.Of(context.HttpContext, 400, "json.syntax", syntax.Detail, [syntax])
            : Problem.Of(context.HttpContext, 400, "request.invalid", "The request is not what this endpoint takes; see errors.", errors);
        return new ObjectResult(problem) { StatusCode = 400, ContentTypes = { "application/problem+json" } };
    }

    private static ProblemError Explain(string key, ModelError error)
    {
        if (error.Exception is JsonException json)
            return Explain(json);
        return new ProblemError(key.Length == 0 ? "$" : key, "value.invalid", Sentence(error.ErrorMessage));
    }

    private static ProblemError Explain(JsonException json)
    {
        var path = string.IsNullOrEmpty(json.Path) ? "$" : json.Path;
        var line = (json.LineNumber ?? 0) + 1;
        var position = (json.BytePositionInLine ?? 0) + 1;
        // The reader's own exception (bad syntax) is the inner one; without it the JSON was readable and did not fit.
        return json.InnerException is JsonException
            ? new ProblemError(path, "json.syntax", string.Create(CultureInfo.InvariantCulture, $"This is not JSON from line {line}, byte {position} on."))
            : new ProblemError(path, "json.unexpected", Sentence(json.Message));
    }

    /// <summary>The serialiser's messages name .NET types, which mean nothing to a caller.</summary>
    private static string Sentence(string message)
    {
        message = Position().Replace(message, "");
        if (message.Contains("could not be converted", StringComparison.Ordinal))
            return "The value is not of the kind that belongs here.";
        if (Unmapped().Match(message) is { Success: true } unmapped)
            return $"There is no member '{unmapped.Groups[1].Value}' here.";
        if (Missing().Match(message) is { Success: true } missing)
            return $"Missing: {missing.Groups[1].Value.TrimEnd('.')}.";
        if (Duplicate().Match(message) is { Success: true } duplicate)
            return $"The member '{duplicate.Groups[1].Value}' is there twice.";
        if (message.Contains("doesn't allow setting null", StringComparison.Ordinal) || message.Contains("doesn't allow null values", StringComparison.Ordinal))
            return "The value may not be null.";
        if (message.Contains("discriminator", StringComparison.OrdinalIgnoreCase))
            return "The member 'type' is missing or names no known kind.";
        return message.Length == 0 ? "The value cannot be used." : message;
    }

    [GeneratedRegex(@"\s*(Path: \S+ )?\|? ?LineNumber: .*$", RegexOptions.Singleline)]
    private static partial Regex Position();

    [GeneratedRegex("JSON property '([^']*)' could not be mapped")]
    private static partial Regex Unmapped();

    [GeneratedRegex("missing required properties including: (.*)$")]
    private static partial Regex Missing();

    [GeneratedRegex("Duplicate property '([^']*)'")]
    private static partial Regex Duplicate();
}
