using PersonalizationPlatform.Activation.Coupons.Batches;
using PersonalizationPlatform.Activation.Coupons.Orders;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>Registers coupons: codes, what is known of their uses, reservations, batches, and what follows orders.</summary>
internal static class CouponsSetup
{
    public static IServiceCollection AddCoupons(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<CouponOptions>(configuration.GetSection("Coupons"));
        services.AddSingleton<CouponCodes>();
        services.AddScoped<CouponMoves>();
        services.AddSingleton<CouponRules>();
        services.AddSingleton<CouponStore>();
        services.AddSingleton<Reservations>();
        services.AddSingleton<CouponBatches>();
        services.AddSingleton<CouponCsv>();
        services.AddSingleton<CouponOrders>();
        services.AddSingleton<CouponRetention>();
        if (configuration.GetValue("Background:Enabled", true))
        {
            services.AddHostedService<CouponDuties>();
            services.AddHostedService<CouponRetentionDuty>();
        }

        services.AddSingleton<CouponReferences>();
        services.AddSingleton<CouponReader>();
        return services;
    }
}
