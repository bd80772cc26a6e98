using PersonalizationPlatform.Definitions.History;
using PersonalizationPlatform.Definitions.Publications;

namespace PersonalizationPlatform.Definitions;

/// <summary>Registers what editing any kind of definition shares.</summary>
public static class DefinitionsSetup
{
    public static IServiceCollection AddDefinitions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<DefinitionChanges>();
        services.AddScoped<DefinitionKinds>();
        services.AddScoped<DefinitionHistory>();
        services.AddScoped<PublicationSteps>();
        services.AddScoped<Publications.Publications>();
        services.AddSingleton<DuePublications>();
        if (configuration.GetValue("Background:Enabled", true))
            services.AddHostedService<PublicationClock>();
        return services;
    }
}
