using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;

namespace PersonalizationPlatform.Segments;

/// <summary>Registers definitions, judging, settling and the refresher.</summary>
public static class SegmentsSetup
{
    public static IServiceCollection AddSegments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSegmentDefinitions();
        services.AddSingleton<SnapshotReader>();
        services.AddSingleton<SettleWriter>();
        services.AddSingleton<ShopperReader>();
        services.AddSingleton<Refresher>();
        services.AddSingleton<MembershipLog>();
        services.AddSingleton<Members>();
        services.AddScoped<SegmentEstimate>();
        if (configuration.GetValue("Background:Enabled", true))
            services.AddHostedService<RefreshLoop>();
        return services;
    }
}
