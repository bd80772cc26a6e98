using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Access;

/// <summary>Section <c>RateLimits</c>: requests a second, on each node; 0 = no limit.</summary>
public sealed class RateLimitOptions
{
    /// <summary>For each public key, and for each config id of Adobe's Edge, which is as public.</summary>
    public int PublicKey { get; set; }

    /// <summary>For each secret key.</summary>
    public int SecretKey { get; set; }

    /// <summary>For how many seconds a caller who was quiet may save up.</summary>
    public int BurstSeconds { get; set; } = 5;
}

/// <summary>
/// Holds each key to so many requests a second: 429 <c>request.tooMany</c> with Retry-After. Every answer says what is left, in the header
/// fields <c>RateLimit-Policy</c> and <c>RateLimit</c>. What nobody can be named for, such as files and health, is not counted.
/// </summary>
public sealed class RateLimits : IMiddleware, IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The query parameters by which Adobe's clients say whose they are.</summary>
    private static readonly string[] ConfigIds = ["configId", "dataStreamId"];

    private const int MaxConfigId = 100;

    private readonly RateLimitOptions options;

    // Whoever is quiet for a while is forgotten by it.
    private readonly PartitionedRateLimiter<Caller> limiter;

    public RateLimits(IOptions<RateLimitOptions> options)
    {
        this.options = options.Value;
        limiter = PartitionedRateLimiter.Create<Caller, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller.Name, _ => new()
        {
            TokenLimit = Burst(caller.PerSecond),
            TokensPerPeriod = caller.PerSecond,
            ReplenishmentPeriod = Second,
            QueueLimit = 0,
        }));
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (CallerOf(context) is not { PerSecond: > 0 } caller)
        {
            await next(context);
            return;
        }

        using var lease = limiter.AttemptAcquire(caller);
        context.Response.OnStarting(() =>
        {
            var left = limiter.GetStatistics(caller)?.CurrentAvailablePermits ?? 0;
            context.Response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"key\";q={Burst(caller.PerSecond)};w={Seconds}");
            context.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"key\";r={left};t=1");
            return Task.CompletedTask;
        });
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        context.Response.Headers.RetryAfter = "1";
        await Problem.WriteAsync(context, StatusCodes.Status429TooManyRequests, "request.tooMany", string.Create(
            CultureInfo.InvariantCulture, $"This key may make {caller.PerSecond} requests a second, and {Burst(caller.PerSecond)} at once after a pause. Try again later."));
    }

    public async ValueTask DisposeAsync() => await limiter.DisposeAsync();

    private int Seconds => Math.Max(1, options.BurstSeconds);

    private int Burst(int perSecond) => (int)Math.Min(int.MaxValue, (long)perSecond * Seconds);

    private Caller? CallerOf(HttpContext context)
    {
        if (context.User.Identity?.IsAuthenticated == true)
            return new(context.User.KeyId(), context.User.IsPublicKey() ? options.PublicKey : options.SecretKey);
        foreach (var name in ConfigIds)
        {
            if (context.Request.Query[name].ToString() is { Length: > 0 and <= MaxConfigId } id)
                return new("edge " + id, options.PublicKey);
        }

        return null;
    }

    private sealed record Caller(string Name, int PerSecond);
}
