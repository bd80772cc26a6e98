using PersonalizationPlatform.Activation.Audiences;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CatalogRules;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Import;
using PersonalizationPlatform.Activation.Live;
using PersonalizationPlatform.Activation.Rehearsal;
using PersonalizationPlatform.Activation.RelatedProducts;
using PersonalizationPlatform.Activation.RelatedProducts.Index;
using PersonalizationPlatform.Activation.Rotators;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Segments.Definitions;

namespace PersonalizationPlatform.Activation;

/// <summary>Registers what acts on memberships.</summary>
public static class ActivationSetup
{
    public static IServiceCollection AddActivation(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<AudienceEditor>();
        services.AddScoped<AudienceCollection>();
        services.AddScoped<IDefinitionKind>(provider => provider.GetRequiredService<AudienceCollection>());
        services.AddScoped<ListImport>();
        services.AddScoped<IUseAudiences, SegmentsOnAudiences>();
        services.AddSingleton<ListCleanup>();
        if (configuration.GetValue("Background:Enabled", true))
            services.AddHostedService<ListCleanupDuty>();

        services.AddCoupons(configuration);
        services.AddCartRules();
        services.AddImport(configuration);

        services.AddSingleton<LiveDefinitions>();
        services.AddScoped<DecisionReader>();
        services.AddScoped<CombinedDecisions>();
        services.AddSingleton<BlockDecisions>();
        services.AddSingleton<CartDecision>();
        services.AddSingleton<Promotions>();
        services.AddRules<RotatorEditor>();
        services.AddScoped<DynamicBlockEditor>();
        services.AddScoped<DynamicBlockCollection>();
        services.AddScoped<IDefinitionKind>(provider => provider.GetRequiredService<DynamicBlockCollection>());
        services.AddScoped<IUseSegments, ReferringBlocks>();
        services.AddScoped<IUseAudiences, ReferringBlocks>();
        services.AddRules<CatalogRuleEditor>();
        services.AddScoped<IRuleReferences>(provider => new RuleReferences<CatalogRuleDefinition>(provider.GetRequiredService<PlatformDb>(), PromotionKind.CatalogRule));
        services.AddSingleton<IPromoteBlocks>(new PromotingRules(PromotionKind.CatalogRule, "catalog_rule"));
        services.AddRules<RelatedRuleEditor>();
        services.AddScoped<IUseSegments, ReferringRelatedRules>();
        services.AddScoped<IUseAudiences, ReferringRelatedRules>();
        services.AddSingleton<CatalogPrices>();
        services.AddSingleton<ProductIndexes>();
        services.AddSingleton<RelatedDecisions>();
        services.AddRehearsals(configuration);
        return services;
    }

    private static void AddRules<TEditor>(this IServiceCollection services)
        where TEditor : class, IDefinitionKind
    {
        services.AddScoped<TEditor>();
        services.AddScoped<IDefinitionKind>(provider => provider.GetRequiredService<TEditor>());
    }
}
