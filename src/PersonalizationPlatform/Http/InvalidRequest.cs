using Microsoft.AspNetCore.Mvc;

namespace PersonalizationPlatform.Http;

/// <summary>Explains which parameters of an address are not what they should be. What bodies hold is told by those who read them.</summary>
internal static class InvalidRequest
{
    public static IActionResult Answer(ActionContext context)
    {
        var errors = context.ModelState.SelectMany(entry => entry.Value!.Errors.Select(error => new ProblemError(
            entry.Key.Length == 0 ? "$" : entry.Key, "value.invalid", error.ErrorMessage.Length == 0 ? "The value cannot be used." : error.ErrorMessage)));
        var problem = Problem.Of(context.HttpContext, 400, "request.invalid", "The request is not what this endpoint takes; see errors.", [.. errors.Distinct()]);
        return new ObjectResult(problem) { StatusCode = 400, ContentTypes = { "application/problem+json" } };
    }
}
