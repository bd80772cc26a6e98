using Microsoft.AspNetCore.Cors.Infrastructure;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>Registers the Segment-compatible API.</summary>
public static class SegmentApiSetup
{
    /// <summary>
    /// The CORS policy of trackers: the configured origins, and where none are configured every page. A write key is public and nothing
    /// here depends on cookies, so an origin would protect nobody; but who has named his pages means them here too.
    /// </summary>
    public const string AnyPage = "trackers";

    private static readonly CorsPolicy Everywhere = new CorsPolicyBuilder()
        .SetIsOriginAllowed(_ => true).AllowAnyHeader().WithMethods("GET", "POST").WithExposedHeaders("Retry-After").SetPreflightMaxAge(TimeSpan.FromHours(2)).Build();

    public static IServiceCollection AddSegmentApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SegmentOptions>()
            .Bind(configuration.GetSection(SegmentOptions.Section))
            .Validate(options => options.IsSane(), "SegmentApi: every size and count must be positive.")
            .ValidateOnStart();
        services.AddOptions<CorsOptions>().PostConfigure(cors => cors.AddPolicy(AnyPage,
            cors.GetPolicy(cors.DefaultPolicyName) is { } configured && (configured.AllowAnyOrigin || configured.Origins.Count > 0) ? configured : Everywhere));
        services.AddSingleton<SegmentIntake>();
        return services;
    }
}
