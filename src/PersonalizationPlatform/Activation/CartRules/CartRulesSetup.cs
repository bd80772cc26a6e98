using PersonalizationPlatform.Activation.Audiences;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Segments.Definitions;

namespace PersonalizationPlatform.Activation.CartRules;

internal static class CartRulesSetup
{
    public static void AddCartRules(this IServiceCollection services)
    {
        services.AddScoped<CartRuleEditor>();
        services.AddScoped<IDefinitionKind>(provider => provider.GetRequiredService<CartRuleEditor>());
        services.AddScoped<IRuleReferences>(provider => new RuleReferences<CartRuleDefinition>(provider.GetRequiredService<PlatformDb>(), PromotionKind.CartRule));
        services.AddSingleton<IPromoteBlocks>(new PromotingRules(PromotionKind.CartRule, "cart_rule"));
        services.AddScoped<IUseSegments, ReferringCartRules>();
        services.AddScoped<IUseAudiences, ReferringCartRules>();
    }
}
