namespace PersonalizationPlatform.Storefront;

/// <summary>Registers what is served to storefronts.</summary>
public static class StorefrontSetup
{
    public static IServiceCollection AddStorefront(this IServiceCollection services) => services.AddSingleton<SdkFiles>();
}
