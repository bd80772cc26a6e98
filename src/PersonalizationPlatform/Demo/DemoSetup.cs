using PersonalizationPlatform.Demo.Storefront;

namespace PersonalizationPlatform.Demo;

/// <summary>Configuration section <c>Demo</c>.</summary>
public sealed class DemoOptions
{
    /// <summary>Whether an empty database is filled with the demo shop.</summary>
    public bool Load { get; set; } = true;
}

/// <summary>Registers the demo shop.</summary>
public static class DemoSetup
{
    public static IServiceCollection AddDemo(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DemoOptions>().Bind(configuration.GetSection("Demo"));
        services.AddSingleton<DemoProgress>();
        services.AddSingleton<DemoShop>();
        services.AddSingleton<DemoKey>();
        services.AddSingleton<DemoSessions>();
        services.AddSingleton<DemoAccounts>();
        services.AddSingleton<DemoShelf>();
        services.AddSingleton<DemoProfileView>();
        services.AddScoped<DemoOrders>();
        return services;
    }
}
