using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>Every change of a catalogue rule.</summary>
public sealed class CatalogRuleEditor(PlatformDb db, DefinitionChanges changes, WebsiteCodes known, TimeProvider time)
    : RuleEditor<CatalogRuleDefinition, CatalogRuleRequest>(db, changes, time)
{
    public override string Collection => "catalog-rules";

    protected override string Code => "catalogRule";

    protected override string Word => "catalogue rule";

    protected override async Task<CatalogRuleRequest> CheckAsync(
        CatalogRuleDefinition rule, CatalogRuleRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        var checks = new RuleChecks(Code, errors);
        checks.Text(request.Description, "description", 4000);
        checks.Range(request.Number, "number", 1, Rule.MaxNumber);
        checks.Range(request.Priority, "priority", 0, int.MaxValue);
        checks.Amount(request.Amount, "amount");
        checks.Dates(request.FromDate, request.ToDate);
        var websites = checks.Websites(request.Websites, await known.ReadAsync(cancellationToken));
        var groups = checks.CustomerGroups(request.CustomerGroups);
        var references = await DefinitionReferences.ReadAsync(Db, KeptBy(rule), cancellationToken);
        return request with
        {
            // The status is the rule's own: putting an old body again does not switch a rule on or off.
            Status = null,
            Websites = websites,
            CustomerGroups = groups,
            Condition = checks.Condition(request.Condition, "condition", FieldScope.Product, references),
            DynamicBlocks = await RuleReferences.BlocksAsync(Db, request.DynamicBlocks, KeptBy(rule), checks, cancellationToken),
        };
    }
}
