using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.Audiences;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CatalogRules;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.RelatedProducts;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Demo;

/// <summary>Writes the demo shop's segments, audiences, blocks and rules, each through its editor; one whose key is there already stays as it is.</summary>
internal sealed class DemoDefinitions(
    PlatformDb db, SegmentEditor segments, AudienceEditor audiences, DynamicBlockEditor blocks, CartRuleEditor cartRules,
    CatalogRuleEditor catalogRules, RelatedRuleEditor relatedRules, WebsiteEditor websites, ListImport lists)
{
    /// <summary>In an order in which nothing refers to what is not there yet.</summary>
    public async Task LoadAsync(IReadOnlyList<DemoShopper> shoppers, CancellationToken cancellationToken)
    {
        // The shop sells in euros, so its rules and reports are in euros too, unless somebody has said otherwise.
        if (await db.Set<StoredWebsite>().AnyAsync(website => website.Code == Website.Base && website.Currency == null, cancellationToken))
            await websites.PutAsync(Website.Base, new() { Name = "Main Website", Currency = "EUR" }, EntityVersion.Of(null), cancellationToken);
        var all = DemoContent.Requests<AudienceRequest>("audiences.json").ToList();
        await CreateAudiencesAsync(all.Where(audience => audience.Segment is null), cancellationToken);
        await FillListsAsync(shoppers, cancellationToken);
        foreach (var request in DemoContent.Requests<SegmentRequest>("segments.json"))
        {
            var key = Key(request.Key, request.Name);
            if (!await db.Set<SegmentDefinition>().AnyAsync(segment => segment.Key == key, cancellationToken))
                await segments.CreateAsync(request, cancellationToken);
        }

        await CreateAudiencesAsync(all.Where(audience => audience.Segment is not null), cancellationToken);
        foreach (var request in DemoContent.Requests<DynamicBlockRequest>("blocks.json"))
        {
            var key = Key(request.Key, request.Name);
            if (!await db.Set<DynamicBlock>().AnyAsync(block => block.Key == key, cancellationToken))
                await blocks.CreateAsync(request, cancellationToken);
        }

        await CreateRulesAsync(cartRules, "cart-rules.json", cancellationToken);
        await CreateRulesAsync(catalogRules, "catalog-rules.json", cancellationToken);
        await CreateRulesAsync(relatedRules, "related-product-rules.json", cancellationToken);
    }

    private static async Task CreateRulesAsync<TRule, TRequest>(RuleEditor<TRule, TRequest> editor, string file, CancellationToken cancellationToken)
        where TRule : Rule, new()
        where TRequest : class, IRuleRequest
    {
        foreach (var request in DemoContent.Requests<TRequest>(file))
        {
            if (await editor.FindAsync(Key(request.Key, request.Name), cancellationToken) is null)
                await editor.CreateAsync(request, cancellationToken);
        }
    }

    private async Task CreateAudiencesAsync(IEnumerable<AudienceRequest> requests, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
        {
            var key = Key(request.Key, request.Name);
            if (!await db.Set<Audience>().AnyAsync(audience => audience.Key == key, cancellationToken))
                await audiences.CreateAsync(request, cancellationToken);
        }
    }

    private async Task FillListsAsync(IReadOnlyList<DemoShopper> shoppers, CancellationToken cancellationToken)
    {
        var insiders = await db.Set<Audience>().AsNoTracking().SingleAsync(audience => audience.Key == "insiders", cancellationToken);
        var lines = shoppers.Where(shopper => shopper.IsInsider).Select((shopper, i) => new RequestLine(
            i + 1, Encoding.UTF8.GetBytes(new JsonObject { ["namespace"] = "email", ["id"] = shopper.Email }.ToJsonString()), TooLong: false));
        await lists.ReplaceAsync(insiders.Id, lines.ToAsyncEnumerable(), new MemberLines(MemberFormat.Ndjson, null), cancellationToken);
    }

    private static string Key(string? given, string name) => given ?? DefinitionKey.FromName(name);
}
