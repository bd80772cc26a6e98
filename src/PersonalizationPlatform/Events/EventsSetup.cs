using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Log;
using PersonalizationPlatform.Events.OrderFeed;

namespace PersonalizationPlatform.Events;

/// <summary>Registers the event road: doors, understanding, the log and its duties.</summary>
public static class EventsSetup
{
    public static IServiceCollection AddEvents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddEventDoors(configuration);
        services.AddOptions<EventLogOptions>().Bind(configuration.GetSection("Events"))
            .Configure(o => o.TrustStorefrontSignIn = configuration.GetValue("Identity:TrustStorefrontSignIn", true))
            .Validate(o => o is { Writers: > 0, MaxEventsPerCommit: > 0, MaxQueuedEvents: > 0, MaxQueuedBytes: > 0 }, "Events: every number must be positive.")
            .ValidateOnStart();
        services.AddSingleton<EventPartitions>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<OrderFeedIntake>();
        if (configuration.GetValue("Background:Enabled", true))
            services.AddHostedService<EventDuties>();
        return services;
    }
}
