using PersonalizationPlatform.Edge.Datastreams;

namespace PersonalizationPlatform.Edge;

/// <summary>Registers the door for clients of Adobe's Edge Network.</summary>
public static class EdgeSetup
{
    /// <summary>The CORS policy of what browsers call here; the service's general one is for its own API.</summary>
    public const string Cors = "edge";

    public static IServiceCollection AddEdge(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EdgeOptions>()
            .Bind(configuration.GetSection(EdgeOptions.Section))
            .Validate(options => options.IsSane(), "Edge: Organization is an organisation's id, Region and LocationHint are words of letters and digits, ClockTolerance and RegionId are not negative.")
            .ValidateOnStart();
        services.AddSingleton<EcidMint>();
        services.AddSingleton<LiveDatastreams>();
        services.AddSingleton<EdgeReading>();
        services.AddSingleton<EdgeEvents>();
        services.AddScoped<EdgeAudiences>();
        services.Configure<RouteOptions>(routes => routes.ConstraintMap[EdgeBaseConstraint.Name] = typeof(EdgeBaseConstraint));
        // Clients send cookies along, so the origin must be named; which pages may call is the datastream's business.
        services.AddCors(options => options.AddPolicy(Cors, policy => policy
            .SetIsOriginAllowed(_ => true).AllowCredentials().AllowAnyHeader().AllowAnyMethod()
            // What the page's script may read: without it a client knows of no Retry-After.
            .WithExposedHeaders("Retry-After", "X-Adobe-Edge", "X-Request-ID").SetPreflightMaxAge(TimeSpan.FromHours(2))));
        return services;
    }
}
