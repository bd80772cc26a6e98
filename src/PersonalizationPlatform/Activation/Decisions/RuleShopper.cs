using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Whom a decision of rules is for. Members not named here are ignored.</summary>
public sealed record RuleShopperRequest
{
    /// <summary>What the caller knows of the shopper, at most 50; a public key may only name devices. Values that name nobody are ignored.</summary>
    public IReadOnlyList<IdentityRequest?>? Identities { get; init; }

    /// <summary>The website's code, or the number other systems give it; <c>base</c> when absent.</summary>
    public JsonElement? Website { get; init; }

    /// <summary>Number of the customer group; 0 = not logged in, when absent.</summary>
    public int? CustomerGroup { get; init; }

    /// <summary>For admin keys: instead of what is known, the segments the shopper is in, by id, key or external id.</summary>
    public IReadOnlyList<JsonElement>? Segments { get; init; }

    /// <summary>For admin keys: instead of what is known, the audiences the shopper is in, by id, key or external id.</summary>
    public IReadOnlyList<JsonElement>? Audiences { get; init; }
}

/// <summary>Reads what callers say of a shopper.</summary>
internal static class RuleShopper
{
    private const int MaxIdentities = 50;
    private const int MaxNames = 10_000;

    /// <summary>400 <c>decision.identities</c>; 403 <c>decision.personNeedsSecretKey</c>.</summary>
    public static IReadOnlyList<Identity> Identities(RuleShopperRequest? shopper, ClaimsPrincipal user)
    {
        var given = shopper?.Identities ?? [];
        if (given.Count > MaxIdentities)
            throw Invalid("$.shopper.identities", "decision.identities", $"At most {MaxIdentities} identities.");
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

    /// <summary>The website by code or number; 400 <c>decision.website</c>.</summary>
    public static Website Website(RuleShopperRequest? shopper, WebsiteSet websites)
    {
        if (shopper?.Website is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given)
            return websites.Of(null);
        var text = given.ValueKind switch
        {
            JsonValueKind.String => given.GetString()!.Trim(),
            JsonValueKind.Number => given.GetRawText(),
            _ => null,
        };
        if (text is null || text.Length > 64)
            throw Invalid("$.shopper.website", "decision.website", "This is a website's code or number.");
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return (isNumber ? websites.ByNumber(number) : null) ?? websites.Of(text);
    }

    /// <summary>400 <c>decision.customerGroup</c>.</summary>
    public static int CustomerGroup(RuleShopperRequest? shopper) => shopper?.CustomerGroup switch
    {
        null => 0,
        >= 0 and <= 1_000_000 => shopper.CustomerGroup.Value,
        _ => throw Invalid("$.shopper.customerGroup", "decision.customerGroup", "A customer group is a number from 0 to 1000000."),
    };

    /// <summary>What an admin key names, texts and numbers alike; null when it names nothing.</summary>
    public static IReadOnlySet<string>? Named(IReadOnlyList<JsonElement>? given, ClaimsPrincipal user, string member)
    {
        if (given is null || !user.IsAdmin())
            return null;
        return given.Count <= MaxNames && given.All(entry => entry.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            ? given.Select(entry => entry.ValueKind == JsonValueKind.String ? entry.GetString()! : entry.GetRawText()).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : throw Invalid($"$.shopper.{member}", $"decision.{member}", $"This is a list of at most {MaxNames} ids, keys or external ids.");
    }

    /// <summary>
    /// For admin keys the instant asked about: ISO 8601, or a date, which is that day of the website from its beginning.
    /// 400 <c>decision.at</c>.
    /// </summary>
    public static DateTimeOffset? At(string? at, ClaimsPrincipal user, Website website)
    {
        if (at is null || !user.IsAdmin())
            return null;
        if (!FieldValues.TryInstant(at, out var instant, out var wholeDay) || instant.Year is <= 1 or >= 9999)
            throw Invalid("$.at", "decision.at", "This is an instant such as 2026-06-15T12:00:00Z, or a date.");
        return wholeDay ? StartOf(DateOnly.FromDateTime(instant.UtcDateTime), website) : instant;
    }

    /// <summary>The first instant of a day of the website.</summary>
    public static DateTimeOffset StartOf(DateOnly day, Website website)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where clocks are put forward at midnight, the day begins an hour later.
        while (website.TimeZone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, website.TimeZone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    private static ProblemException Invalid(string path, string code, string detail) =>
        ProblemException.Invalid(code, "The request is not right in the places listed.", new ProblemError(path, code, detail));
}
