namespace PersonalizationPlatform.Shoppers;

/// <summary>Registers the reading of single shoppers.</summary>
public static class ShoppersSetup
{
    public static IServiceCollection AddShoppers(this IServiceCollection services) => services.AddSingleton<ProfileView>().AddSingleton<ShopperFieldsReader>();
}
