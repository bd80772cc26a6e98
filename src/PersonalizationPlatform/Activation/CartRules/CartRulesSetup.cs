using PersonalizationPlatform.Activation.Audiences;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Segments.Definitions;

namespace PersonalizationPlatform.Activation.CartRules;

internal static class CartRulesSetup
{
    public static void AddCartRules(this IServiceCollection services)
    {
        services.AddScoped<CartRuleEditor>();
        services.AddScoped<IDefinitionKind>(provider => provider.GetRequiredService<CartRuleEditor>());
        services.AddScoped<IUseSegments, ReferringCartRules>();
        services.AddScoped<IUseAudiences, ReferringCartRules>();
    }
}
