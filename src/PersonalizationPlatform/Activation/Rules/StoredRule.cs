using System.Text.Json;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Rules;

/// <summary>Rules as they are kept, read again: bodies in canonical JSON, conditions that name segments and audiences by id.</summary>
internal static class StoredRule
{
    private static readonly ConditionContext ById = new(
        text => Guid.TryParse(text, out var id) ? new SegmentId(id) : null,
        text => Guid.TryParse(text, out var id) ? new AudienceId(id) : null)
    { Kind = EventKinds.InCondition };

    /// <summary>The request a rule was written with.</summary>
    public static T Body<T>(string body)
        where T : class => JsonSerializer.Deserialize<T>(body, HttpSetup.Json)!;

    /// <summary>False when there is a condition that cannot be read any more; its rule must then hold for nobody.</summary>
    public static bool TryRead(JsonElement? stored, FieldScope root, out Condition? condition)
    {
        condition = null;
        if (stored is not { ValueKind: not JsonValueKind.Null } json)
            return true;
        condition = ConditionJson.Parse(json, "$.condition", ById with { Root = root }, []);
        return condition is not null;
    }
}
