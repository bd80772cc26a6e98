using PersonalizationPlatform.Events.Refused;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>Registers the collecting doors and the refused events.</summary>
public static class EventDoorsSetup
{
    public static IServiceCollection AddEventDoors(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CollectionLimits>()
            .Bind(configuration.GetSection(CollectionLimits.Section))
            .Validate(limits => limits.IsSane(), "Collection: sizes and counts are positive, MaxDepth 4 to 256, FutureSkew at most 24 hours, RetentionMonths 1 to 72.")
            .ValidateOnStart();
        services.AddSingleton<AccountDeletions>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<IdempotentAnswers>();
        services.AddSingleton<RefusedEvents>();
        return services;
    }
}
