using Microsoft.AspNetCore.Mvc.Filters;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Edge;

/// <summary>
/// What Edge clients are told when something fails: to come again. They lose an event that is answered with 500, and a page without an
/// answer forgets its audiences, while the same request again, by its ids, is never stored twice.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed partial class EdgeFailuresAttribute : ExceptionFilterAttribute
{
    /// <summary>
    /// They try three times and obey Retry-After: so long that a database has restarted by then, and not all at the same instant. In whole
    /// seconds.
    /// </summary>
    private const int Shortest = 4, Longest = 6;

    public override void OnException(ExceptionContext context)
    {
        switch (context.Exception)
        {
            // A queue that is full for the moment is soon shorter.
            case ProblemException { Status: StatusCodes.Status503ServiceUnavailable, Code: not "storage.busy" } away:
                context.Exception = ComeAgain(away.Code, away.Message);
                break;
            case ProblemException or BadHttpRequestException:
            case OperationCanceledException when context.HttpContext.RequestAborted.IsCancellationRequested:
                break;
            case var failure when DatabaseUnavailable.Is(failure):
                context.Exception = ComeAgain("database.unavailable", "The database does not answer. Send the same again.");
                break;
            case var failure:
                LogUnexpected(context.HttpContext.RequestServices.GetRequiredService<ILogger<EdgeFailuresAttribute>>(), failure, context.ActionDescriptor.DisplayName);
                context.Exception = ComeAgain("internal", "Something failed in the service; the trace id finds it in the log. Send the same again.");
                break;
        }
    }

    private static ProblemException ComeAgain(string code, string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, code, detail) { RetryAfterSeconds = Random.Shared.Next(Shortest, Longest + 1) };

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure in {Endpoint}; the client is told to come again")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string? endpoint);
}
