using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace PersonalizationPlatform.Http;

/// <summary>An answer that is an error: RFC 9457 <c>application/problem+json</c>.</summary>
public sealed record Problem
{
    /// <summary>A name for this kind of problem that stays the same: <c>urn:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong, as a sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    public required string Instance { get; init; }

    /// <summary>The stable code to branch on.</summary>
    public required string Code { get; init; }

    /// <summary>What exactly is wrong in the request, where that can be told; the first hundred.</summary>
    public IReadOnlyList<ProblemError>? Errors { get; init; }

    /// <summary>Finds this request in the service's log.</summary>
    public required string TraceId { get; init; }

    /// <summary>Which of a foreign client's requests it was; only at the doors made for such clients.</summary>
    public ProblemReport? Report { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Describes the failure of this request.</summary>
    public static Problem Of(HttpContext context, int status, string code, string detail, IReadOnlyList<ProblemError>? errors = null) => new()
    {
        Type = "urn:problem:" + code,
        Title = ReasonPhrases.GetReasonPhrase(status),
        Status = status,
        Detail = detail,
        Instance = context.Request.PathBase + context.Request.Path,
        Code = code,
        Errors = errors is { Count: > 0 } ? [.. errors.Take(StrictJson.MaxErrors)] : null,
        TraceId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier,
        Report = context.Features.Get<ProblemReport>(),
    };

    /// <summary>Answers with a problem, whatever the client says it accepts: an error in a form nobody asked for is better than none.</summary>
    public static Task WriteAsync(HttpContext context, int status, string code, string detail, IReadOnlyList<ProblemError>? errors = null)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(Of(context, status, code, detail, errors), Json, "application/problem+json", context.RequestAborted);
    }
}

/// <summary>What clients of Adobe's Edge look for in a problem.</summary>
/// <param name="RequestId">The client's.</param>
/// <param name="ConfigId">The datastream's, as the client names it.</param>
public sealed record ProblemReport(string? RequestId, string? ConfigId);
