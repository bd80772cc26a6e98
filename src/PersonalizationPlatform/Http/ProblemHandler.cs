using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Http;

/// <summary>Turns what ended a request into its problem.</summary>
internal sealed partial class ProblemHandler(ILogger<ProblemHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case ProblemException problem:
                if (problem.RetryAfterSeconds is { } seconds)
                    httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                await Problem.WriteAsync(httpContext, problem.Status, problem.Code, problem.Message, problem.Errors);
                return true;
            case BadHttpRequestException bad:
                // Never 408: browsers send such a request again by themselves.
                var status = bad.StatusCode == StatusCodes.Status408RequestTimeout ? StatusCodes.Status400BadRequest : bad.StatusCode;
                var (code, detail) = Default(status);
                await Problem.WriteAsync(httpContext, status, code, status == StatusCodes.Status400BadRequest ? bad.Message : detail);
                return true;
            case OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested:
                httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                return true;
            case var _ when DatabaseUnavailable.Is(exception):
                LogDatabase(exception.Message);
                httpContext.Response.Headers.RetryAfter = "1";
                await Problem.WriteAsync(httpContext, StatusCodes.Status503ServiceUnavailable, "database.unavailable", "The database does not answer. Try again.");
                return true;
            default:
                LogUnexpected(exception, httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName);
                var (unexpected, sentence) = Default(StatusCodes.Status500InternalServerError);
                await Problem.WriteAsync(httpContext, StatusCodes.Status500InternalServerError, unexpected, sentence);
                return true;
        }
    }

    /// <summary>Code and sentence of a status that nobody explained further.</summary>
    internal static (string Code, string Detail) Default(int status) => status switch
    {
        400 => ("request.invalid", "The request cannot be understood."),
        401 => ("key.missing", "Send a key."),
        403 => ("key.scope", "The key does not allow this."),
        404 => ("notFound", "There is nothing at this address."),
        405 => ("method.notAllowed", "This address does not take that method; the header Allow tells which it takes."),
        406 => ("notAcceptable", "The answer does not exist in a form that the header Accept allows."),
        411 => ("request.lengthRequired", "The request must tell its length."),
        413 => ("request.tooLarge", "The body is larger than this service takes."),
        414 => ("request.addressTooLong", "The address is too long."),
        415 => ("request.mediaType", "The body must be JSON (Content-Type: application/json) or what the endpoint says it takes."),
        429 => ("request.tooMany", "Too many requests. Try again later."),
        431 => ("request.headersTooLarge", "The headers are too large."),
        500 => ("internal", "Something failed in the service; the trace id finds it in the log."),
        503 => ("unavailable", "The service cannot answer right now. Try again later."),
        _ => ("http." + status.ToString(CultureInfo.InvariantCulture), $"The request failed with status {status}."),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer: {Reason}")]
    private partial void LogDatabase(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure in {Endpoint}")]
    private partial void LogUnexpected(Exception exception, string? endpoint);
}
