namespace PersonalizationPlatform.Definitions;

/// <summary>Registers what editing any kind of definition shares.</summary>
public static class DefinitionsSetup
{
    public static IServiceCollection AddDefinitions(this IServiceCollection services)
    {
        services.AddScoped<DefinitionChanges>();
        return services;
    }
}
