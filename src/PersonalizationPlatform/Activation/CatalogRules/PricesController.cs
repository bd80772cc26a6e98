using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>What products cost whom, by catalogue price rules, special, tier and group prices.</summary>
[ApiController]
[Route("v1")]
public sealed class PricesController(DecisionReader reader, LiveCatalog catalogue, CatalogPrices prices) : ControllerBase
{
    private const int MaxProducts = 1000;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);
    /// <summary>Decides the prices of up to 1,000 products for one customer group of one website.</summary>
    /// <remarks>
    /// 400 <c>decision.products</c>, and codes that begin with <c>product.</c>, each with its path. With <c>explain=true</c> a secret key
    /// is told of every rule why it applied or did not.
    /// </remarks>
    [RequestExample("""
        {
          "shopper": { "website": "base", "customerGroup": 1 },
          "products": ["BG-104", { "sku": "BG-105", "quantity": 10 }]
        }
        """)]
    [HttpPost("decisions/prices", Name = "decidePrices")]
    [Authorize(Policy = Scopes.Decide)]
    [Tags("Decisions")]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<PriceDecisionAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public async Task<ActionResult<PriceDecisionAnswer>> DecideAsync(
        [TolerantBody] PriceDecisionRequest request, [FromQuery] bool explain, CancellationToken cancellationToken)
    {
        if (request.Products is not { Count: > 0 and <= MaxProducts } asked)
        {
            throw ProblemException.Invalid(
                "decision.products", "Say which products.",
                new ProblemError("$.products", "decision.products", $"This is a list of 1 to {MaxProducts} SKUs, or objects with a sku."));
        }

        // Prices do not depend on who the shopper is; their group is told by the caller.
        var ground = await reader.ReadAsync(request.Shopper?.Website, User.IsAdmin() ? request.At : null, cancellationToken);
        var snapshot = await catalogue.CurrentAsync(cancellationToken);
        var (website, at, day) = (ground.Website, ground.At, ground.Day);
        var group = DecisionCaller.GroupOf(request.Shopper?.CustomerGroup);
        var decision = new PriceDecision(prices, ground.Live, snapshot, website, group, day);
        var answers = asked.Select((product, i) =>
            decision.Decide(RequestedProduct.Read(product, $"$.products[{i}]", snapshot, User.IsAdmin()), explain && !User.IsPublicKey())).ToList();
        Response.Headers.CacheControl = "private, no-store";
        return new PriceDecisionAnswer(website.Code, group, day, answers, ground.Live.KeepsUntil(at, CacheableUntil(at, day, website)));
    }

    /// <summary>The prices of one product for a customer group of a website, today or on another day.</summary>
    [HttpGet("products/{sku}/prices", Name = "getProductPrices")]
    [Authorize(Policy = Scopes.Read)]
    [Tags("Products")]
    [ProducesResponseType<PriceAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<PriceAnswer>> GetAsync(
        string sku, [FromQuery] string? website, [FromQuery] int? customerGroup, [FromQuery] DateOnly? day, CancellationToken cancellationToken)
    {
        var (decision, snapshot, _) = await PrepareAsync(website, customerGroup, day, cancellationToken);
        var product = snapshot.Find(sku) ?? throw ProblemException.NotFound("product with this SKU");
        return decision.Decide(new(product.Sku, product, 1, false), explain: false);
    }

    /// <summary>The prices of every enabled product the website sells, for one customer group and day, as NDJSON by product number.</summary>
    /// <remarks>One <c>PriceAnswer</c> a line. All lines are of one state of rules and catalogue, whatever changes meanwhile.</remarks>
    [HttpGet("catalog-prices", Name = "exportCatalogPrices")]
    [Authorize(Policy = Scopes.Read)]
    [Tags("Products")]
    [ProducesResponseType<PriceAnswer>(StatusCodes.Status200OK, "application/x-ndjson")]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public async Task<IActionResult> ExportAsync(
        [FromQuery] string? website, [FromQuery] int? customerGroup, [FromQuery] DateOnly? day, CancellationToken cancellationToken)
    {
        var (decision, snapshot, sold) = await PrepareAsync(website, customerGroup, day, cancellationToken);
        Response.ContentType = "application/x-ndjson";
        var written = 0;
        await using var line = new Utf8JsonWriter(Response.BodyWriter);
        foreach (var product in snapshot.Products)
        {
            if (!product.Enabled || !product.IsSoldOn(sold))
                continue;
            JsonSerializer.Serialize(line, decision.Decide(new(product.Sku, product, 1, false), explain: false), HttpSetup.Json);
            line.Flush();
            line.Reset();
            Response.BodyWriter.Write("\n"u8);
            // A slow reader holds this up, so that no more than a buffer is ever kept.
            if (++written % 100 == 0)
                await Response.BodyWriter.FlushAsync(cancellationToken);
        }

        await Response.BodyWriter.FlushAsync(cancellationToken);
        return new EmptyResult();
    }

    private async Task<(PriceDecision Decision, CatalogSnapshot Snapshot, Website Website)> PrepareAsync(
        string? website, int? customerGroup, DateOnly? day, CancellationToken cancellationToken)
    {
        var ground = await reader.ReadAsync(website, null, cancellationToken);
        var snapshot = await catalogue.CurrentAsync(cancellationToken);
        var group = DecisionCaller.GroupOf(customerGroup);
        return (new(prices, ground.Live, snapshot, ground.Website, group, day ?? ground.Day), snapshot, ground.Website);
    }

    private static DateTimeOffset CacheableUntil(DateTimeOffset at, DateOnly day, Website website)
    {
        var tomorrow = DecisionInstant.StartOf(day.AddDays(1), website);
        return tomorrow < at + MaxAge ? tomorrow : at + MaxAge;
    }
}
