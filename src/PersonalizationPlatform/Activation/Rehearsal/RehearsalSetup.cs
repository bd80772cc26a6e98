namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>Registers rehearsals.</summary>
internal static class RehearsalSetup
{
    public static IServiceCollection AddRehearsals(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<PastShoppers>();
        services.AddSingleton<Rehearsals>();
        services.AddScoped<RehearsalDesk>();
        if (configuration.GetValue("Background:Enabled", true))
            services.AddHostedService<RehearsalDuty>();
        return services;
    }
}
