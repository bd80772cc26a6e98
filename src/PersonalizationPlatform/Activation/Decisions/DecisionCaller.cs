using System.Security.Claims;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Who asks for a decision, and about whom.</summary>
/// <param name="Identities">What the caller knows of the shopper, checked.</param>
/// <param name="CustomerGroup">Its number; 0 = not logged in.</param>
/// <param name="Named">Audiences named in the request's header.</param>
/// <param name="IsTrusted">A secret key: it may be told why.</param>
/// <param name="IsAdmin">It may say what is so instead of what the platform knows.</param>
public sealed record DecisionCaller(IReadOnlyList<Identity> Identities, int CustomerGroup, NamedAudiences Named, bool IsTrusted, bool IsAdmin)
{
    private const int MaxIdentities = 50;
    private const int MaxCustomerGroup = 1_000_000;

    /// <summary>400 <c>decision.identities</c> or <c>decision.customerGroup</c>, 403 <c>decision.personNeedsSecretKey</c>.</summary>
    public static DecisionCaller Of(HttpRequest request, ShopperRequest? shopper)
    {
        var user = request.HttpContext.User;
        return new(IdentitiesOf(shopper, user), GroupOf(shopper?.CustomerGroup), NamedAudiences.Of(request), !user.IsPublicKey(), user.IsAdmin());
    }

    /// <summary>The customer whose limits count; null for guests.</summary>
    public Identity? Customer(ShopperRequest? shopper) =>
        IsAdmin && Identity.TryCreate(IdentityNamespace.CustomerId, shopper?.CustomerId, out var given)
            ? given
            : Identities.FirstOrDefault(identity => identity.Namespace == IdentityNamespace.CustomerId);

    /// <summary>400 <c>decision.customerGroup</c>.</summary>
    public static int GroupOf(int? given) => given is null or (>= 0 and <= MaxCustomerGroup)
        ? given ?? 0
        : throw ProblemException.Invalid(
            "decision.customerGroup", "There is no such customer group.",
            new ProblemError("$.shopper.customerGroup", "decision.customerGroup", $"A customer group is a number from 0 to {MaxCustomerGroup}."));

    private static List<Identity> IdentitiesOf(ShopperRequest? shopper, ClaimsPrincipal user)
    {
        var given = shopper?.Identities ?? [];
        if (given.Count > MaxIdentities)
        {
            throw ProblemException.Invalid(
                "decision.identities", "Too many identities.",
                new ProblemError("$.shopper.identities", "decision.identities", $"At most {MaxIdentities} identities."));
        }

        var identities = new List<Identity>();
        for (var i = 0; i < given.Count; i++)
        {
            if (!Identity.TryCreate(given[i]?.Namespace, given[i]?.Id, out var identity))
                continue;
            if (identity.IsPerson && user.IsPublicKey())
            {
                throw new ProblemException(
                    403, "decision.personNeedsSecretKey", "A public key can be read by anybody, so it may only name devices.",
                    [new($"$.shopper.identities[{i}].namespace", "decision.personNeedsSecretKey", "Name a device, such as an ECID, or ask from a server with a secret key.")]);
            }

            identities.Add(identity);
        }

        return [.. identities.Distinct()];
    }
}
