namespace PersonalizationPlatform.Catalog;

/// <summary>Registers the catalogue.</summary>
public static class CatalogSetup
{
    public static IServiceCollection AddCatalog(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<LiveCatalog>();
        services.AddSingleton<ProductCatalogue>();
        services.AddSingleton<Products>();
        services.AddSingleton<ProductImport>();
        services.AddSingleton<Categories>();
        services.AddSingleton<ProductAttributes>();
        return services;
    }
}
