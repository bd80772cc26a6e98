using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace PersonalizationPlatform.Access;

/// <summary>Keys, and one policy for each constant in <see cref="Scopes"/>.</summary>
public static class AccessSetup
{
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<KeySeedOptions>(configuration.GetSection("Keys"));
        services.Configure<RateLimitOptions>(configuration.GetSection("RateLimits"));
        services.AddSingleton<RateLimits>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<IdempotentRequests>();
        services.AddSingleton<KeySeeds>();
        // Only what keys need: AddAuthentication would bring data protection along, which writes key files nobody uses here.
        services.AddAuthenticationCore(options => options.DefaultScheme = KeyAuthentication.SchemeName);
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Scopes.Collect, policy => Demand(policy, Scopes.Collect))
            .AddPolicy(Scopes.Decide, policy => Demand(policy, Scopes.Decide))
            .AddPolicy(Scopes.Admin, policy => Demand(policy, Scopes.Admin))
            .AddPolicy(Scopes.Export, policy => Demand(policy, Scopes.Export))
            .AddPolicy(Scopes.CollectSecret, policy => DemandSecret(policy, Scopes.Collect))
            .AddPolicy(Scopes.DecideSecret, policy => DemandSecret(policy, Scopes.Decide))
            .AddPolicy(Scopes.Read, policy => DemandSecret(policy, Scopes.Export));
        return services;
    }

    private static AuthorizationPolicyBuilder Demand(AuthorizationPolicyBuilder policy, string scope) =>
        policy.RequireClaim(Scopes.ScopeClaim, scope, Scopes.Admin);

    private static AuthorizationPolicyBuilder DemandSecret(AuthorizationPolicyBuilder policy, string scope) =>
        Demand(policy, scope).RequireClaim(Scopes.KindClaim, "secret");
}
