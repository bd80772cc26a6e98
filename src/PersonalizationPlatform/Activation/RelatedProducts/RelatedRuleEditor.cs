using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.Audiences;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>Every change of a related-product rule.</summary>
public sealed class RelatedRuleEditor(PlatformDb db, DefinitionChanges changes, TimeProvider time)
    : RuleEditor<RelatedRuleDefinition, RelatedRuleRequest>(db, changes, time)
{
    public override string Collection => "related-product-rules";

    protected override string Code => "relatedProductRule";

    protected override string Word => "related-product rule";

    protected override async Task<RelatedRuleRequest> CheckAsync(
        RelatedRuleDefinition rule, RelatedRuleRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        var checks = new RuleChecks(Code, errors);
        checks.Text(request.Description, "description", 4000);
        checks.Range(request.Number, "number", 1, Rule.MaxNumber);
        checks.Range(request.Priority, "priority", 0, int.MaxValue);
        checks.Range(request.ResultLimit, "resultLimit", 1, RelatedRule.MaxResults);
        checks.Dates(request.FromDate, request.ToDate);
        var references = await DefinitionReferences.ReadAsync(Db, KeptBy(rule), cancellationToken);
        return request with
        {
            // The status is the rule's own: putting an old body again does not switch a rule on or off.
            Status = null,
            Segments = MembershipReferences.Segments(request.Segments, references, checks),
            Audiences = MembershipReferences.Audiences(request.Audiences, references, checks),
            Match = checks.Condition(request.Match, "match", FieldScope.Product, references),
            Display = checks.Condition(request.Display, "display", FieldScope.Candidate, references),
        };
    }
}

/// <summary>Rules to which segments and audiences are assigned.</summary>
internal sealed class ReferringRelatedRules(PlatformDb db) : IUseSegments, IUseAudiences
{
    public async Task<IReadOnlyList<SegmentUse>> UsesOfAsync(SegmentId segment, CancellationToken cancellationToken) =>
        [.. (await RulesAsync(body => MembershipReferences.Ids(body.Segments).Contains(segment.Value), cancellationToken))
            .Select(rule => new SegmentUse("relatedProductRule", rule.Id, rule.Key, rule.Name))];

    public async Task<IReadOnlyList<AudienceUse>> UsesOfAsync(AudienceId audience, CancellationToken cancellationToken) =>
        [.. (await RulesAsync(body => MembershipReferences.Ids(body.Audiences).Contains(audience.Value), cancellationToken))
            .Select(rule => new AudienceUse("relatedProductRule", rule.Id, rule.Key, rule.Name))];

    private async Task<IEnumerable<RelatedRuleDefinition>> RulesAsync(Func<RelatedRuleRequest, bool> refers, CancellationToken cancellationToken)
    {
        var rules = await db.Set<RelatedRuleDefinition>().AsNoTracking().Where(rule => rule.Status != DefinitionStatus.Archived)
            .OrderBy(rule => rule.Key).ToListAsync(cancellationToken);
        return rules.Where(rule => refers(StoredRule.Body<RelatedRuleRequest>(rule.Body)));
    }
}
