namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>Registers coupons: codes, what is known of their uses, reservations, batches, and what follows orders.</summary>
internal static class CouponsSetup
{
    public static IServiceCollection AddCoupons(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<CouponCodes>();
        services.AddSingleton<CouponReferences>();
        services.AddSingleton<CouponReader>();
        return services;
    }
}
