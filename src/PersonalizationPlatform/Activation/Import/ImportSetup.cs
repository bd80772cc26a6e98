namespace PersonalizationPlatform.Activation.Import;

/// <summary>Registers moving over from other systems.</summary>
internal static class ImportSetup
{
    public static IServiceCollection AddImport(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<WebsiteNumbers>();
        services.AddScoped<GroupImport>();
        services.AddScoped<SegmentImport>();
        services.AddScoped<RuleImport>();
        services.AddScoped<CouponImport>();
        services.AddScoped<CatalogImport>();
        services.AddSingleton<ItemFaults>();
        services.AddScoped<ImportRun>();
        services.AddScoped<Imports>();
        services.AddSingleton<StoredImports>();
        services.AddSingleton(provider => new ImportWork(
            provider.GetRequiredService<StoredImports>(), provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<TimeProvider>()));
        if (configuration.GetValue("Background:Enabled", true))
            services.AddHostedService<ImportDuty>();
        return services;
    }
}
