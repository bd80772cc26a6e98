using System.Text.Json;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>Conditions as they are kept: canonical JSON in which segments and audiences are named by id.</summary>
internal static class StoredCondition
{
    private static readonly ConditionContext ById = new(
        text => Guid.TryParse(text, out var id) ? new SegmentId(id) : null,
        text => Guid.TryParse(text, out var id) ? new AudienceId(id) : null);

    /// <summary>Null when it cannot be read any more.</summary>
    public static Condition? Read(string stored) => Read(ConditionJson.ReadText(stored), FieldScope.Profile);

    /// <inheritdoc cref="Read(string)"/>
    /// <param name="root">What the tree's root is about.</param>
    public static Condition? Read(JsonElement stored, FieldScope root)
    {
        var errors = new List<ProblemError>();
        var condition = ConditionJson.Parse(stored, "$.condition", ById with { Root = root }, errors);
        return errors.Count == 0 ? condition : null;
    }

    public static string Write(Condition condition) => ConditionJson.Write(condition).GetRawText();

    public static Needs NeedsOf(Condition condition)
    {
        var needs = new Needs();
        condition.Require(needs);
        return needs;
    }
}
