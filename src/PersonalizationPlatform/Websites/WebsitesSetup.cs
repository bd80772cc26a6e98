using PersonalizationPlatform.Access;

namespace PersonalizationPlatform.Websites;

/// <summary>Registers websites and customer groups.</summary>
public static class WebsitesSetup
{
    public static IServiceCollection AddWebsites(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<WebsiteOptions>(configuration.GetSection("Shop"));
        services.AddSingleton<LiveWebsites>();
        services.AddScoped<WebsiteEditor>();
        services.AddScoped<WebsiteCodes>();
        services.AddScoped<IKnowWebsites>(provider => provider.GetRequiredService<WebsiteCodes>());
        services.AddScoped<CustomerGroupEditor>();
        return services;
    }
}
