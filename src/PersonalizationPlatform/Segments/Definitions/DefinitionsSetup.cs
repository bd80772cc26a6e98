using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>Registers the writing and reading of segment definitions.</summary>
public static class DefinitionsSetup
{
    public static IServiceCollection AddSegmentDefinitions(this IServiceCollection services)
    {
        services.AddSingleton<SegmentDefinitions>();
        services.AddScoped<SegmentEditor>();
        services.AddScoped<SegmentCollection>();
        services.AddScoped<IDefinitionKind>(provider => provider.GetRequiredService<SegmentCollection>());
        services.AddScoped<IUseSegments, ReferringSegments>();
        services.AddScoped<IUseSegments, PublishingAudiences>();
        services.AddScoped<IFollowCurrencies, SegmentsFollowCurrencies>();
        return services;
    }
}
