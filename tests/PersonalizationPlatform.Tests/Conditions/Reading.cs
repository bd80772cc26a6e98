using System.Text.Json;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Conditions;

/// <summary>Reads conditions as the doors do, with a segment and an audience to refer to.</summary>
internal static class Reading
{
    public static readonly SegmentId Newsletter = new(Guid.Parse("11111111-1111-7111-8111-111111111111"));
    public static readonly AudienceId Vips = new(Guid.Parse("22222222-2222-7222-8222-222222222222"));

    public static readonly ConditionContext Context = new(
        name => name is "newsletter" or "11111111-1111-7111-8111-111111111111" ? Newsletter : null,
        name => name is "vips" or "22222222-2222-7222-8222-222222222222" ? Vips : null)
    {
        Kind = name => name is "viewCart" ? "shoppingCartView" : name,
    };

    public static Condition Read(string json) => Read(ConditionJson.ReadText(json));

    public static Condition Read(JsonElement json)
    {
        var errors = new List<ProblemError>();
        var condition = ConditionJson.Parse(json, "$.condition", Context, errors);
        Assert.Empty(errors);
        return condition!;
    }

    public static List<ProblemError> Errors(string json)
    {
        var errors = new List<ProblemError>();
        Assert.Null(ConditionJson.Parse(ConditionJson.ReadText(json), "$.condition", Context, errors));
        return errors;
    }

    public static Verdict Judge(this Condition condition, Facts facts, DateTimeOffset at) =>
        condition.Evaluate(new Moment(facts, at, _ => Verdict.False, WebsiteSettings.Base));
}
