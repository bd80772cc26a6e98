using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;

namespace PersonalizationPlatform.Hosting;

/// <summary>
/// One line for each request that failed, and at level Debug for each one that did not. It names the route's pattern, never
/// the address: that contains identities and, for beacons, keys.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        await next(context);
        var status = context.Response.StatusCode;
        var level = status >= 500 ? LogLevel.Error : status >= 400 ? LogLevel.Information : LogLevel.Debug;
        if (!logger.IsEnabled(level))
            return;
        // After a failure the handler has taken the endpoint off the request.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        LogRequest(level, context.Request.Method, route, status, Stopwatch.GetElapsedTime(started).TotalMilliseconds, Activity.Current?.TraceId.ToString());
    }

    [LoggerMessage(Message = "{Method} {Route} answered {Status} in {Milliseconds:0.0} ms, trace {TraceId}")]
    private partial void LogRequest(LogLevel level, string method, string route, int status, double milliseconds, string? traceId);
}
