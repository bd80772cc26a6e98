namespace PersonalizationPlatform.Http;

/// <summary>Ends a request with an RFC 9457 problem: HTTP status, stable machine-readable code, a sentence, and where in the request.</summary>
public sealed class ProblemException(int status, string code, string detail, IReadOnlyList<ProblemError>? errors = null) : Exception(detail)
{
    public int Status { get; } = status;
    public string Code { get; } = code;
    public IReadOnlyList<ProblemError> Errors { get; } = errors ?? [];

    /// <summary>When set, sent as <c>Retry-After</c> (seconds).</summary>
    public int? RetryAfterSeconds { get; init; }

    public static ProblemException NotFound(string what) => new(404, "notFound", $"There is no {what}.");

    public static ProblemException Invalid(string code, string detail, params ProblemError[] errors) => new(400, code, detail, errors);
}

/// <summary>One thing wrong: a JSON path into the request (<c>$.condition.of[1].field</c>), a stable code, and what would be right.</summary>
public sealed record ProblemError(string Path, string Code, string Detail);
