using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>The server of the demo shop: what a merchant's own shop does for itself, and the look behind the scenes.</summary>
[ApiController, Route("demo/api"), AllowAnonymous, DisableCors, WhileDemoIsLoaded, ApiExplorerSettings(IgnoreApi = true)]
[RequestSizeLimit(64 << 10)]
public sealed class DemoStorefrontController : ControllerBase
{
    /// <summary>Looks behind the scenes that are read at a time; each costs as much as some decisions.</summary>
    private static readonly SemaphoreSlim Looking = new(8);

    private readonly DemoSessions sessions;

    /// <summary>What is registered for this folder only is asked for where it is used.</summary>
    public DemoStorefrontController(IServiceProvider services) => sessions = services.GetRequiredService<DemoSessions>();

    /// <summary>Who the visitor is; a new one gets cookies.</summary>
    [HttpGet("session")]
    public async Task<DemoSessionAnswer> SessionAsync(CancellationToken cancellationToken)
    {
        var visitor = await sessions.FindAsync(Request, cancellationToken) ?? new DemoVisitor(Guid.NewGuid());
        return await GreetAsync(visitor, cancellationToken);
    }

    /// <summary>Starts over as somebody whom nobody knows.</summary>
    [HttpPost("session")]
    public Task<DemoSessionAnswer> StartOverAsync(CancellationToken cancellationToken) => GreetAsync(new DemoVisitor(Guid.NewGuid()), cancellationToken);

    /// <summary>What is sold, at today's prices for the visitor.</summary>
    [HttpGet("products")]
    public async Task<IReadOnlyList<ShelvedProduct>> ProductsAsync([FromServices] DecisionReader reader, CancellationToken cancellationToken)
    {
        var visitor = await sessions.FindAsync(Request, cancellationToken);
        return await Service<DemoShelf>().ReadAsync(reader, visitor is null ? 0 : DemoDecision.GroupOf(visitor), cancellationToken);
    }

    /// <summary>Made-up customers to sign in as.</summary>
    [HttpGet("customers")]
    public IReadOnlyList<AccountChoice> Customers() => DemoAccounts.Choices;

    /// <summary>Signs in as a made-up customer, or with an e-mail address of one's own.</summary>
    [HttpPost("sign-in")]
    public async Task<DemoSessionAnswer> SignInAsync([StrictBody] DemoSignIn request, CancellationToken cancellationToken)
    {
        var visitor = await sessions.RequireAsync(Request, cancellationToken);
        visitor = request.CustomerId is { } customer
            ? DemoAccounts.SignIn(visitor, customer)
            : await Service<DemoAccounts>().SignInAsync(visitor, request.Email, request.FirstName, cancellationToken);
        return await GreetAsync(visitor, cancellationToken);
    }

    /// <summary>Signs out; what the visitor is known by stays known.</summary>
    [HttpPost("sign-out")]
    public async Task<DemoSessionAnswer> SignOutAsync(CancellationToken cancellationToken) =>
        await GreetAsync(await sessions.RequireAsync(Request, cancellationToken) with { CustomerId = null, Email = null, FirstName = null }, cancellationToken);

    /// <summary>Places an order.</summary>
    [HttpPost("orders")]
    public async Task<DemoOrderAnswer> OrderAsync([StrictBody] DemoOrderRequest request, CancellationToken cancellationToken)
    {
        var visitor = await sessions.RequireAsync(Request, cancellationToken);
        var (order, after) = await Service<DemoOrders>().PlaceAsync(visitor, request, Targeting.OptedOut(Request), cancellationToken);
        await sessions.WriteAsync(HttpContext, after, cancellationToken);
        return order;
    }

    /// <summary>What the platform knows of the visitor, and why it shows what it shows. Of nobody else.</summary>
    [HttpPost("insight")]
    public async Task<DemoInsightAnswer> InsightAsync([StrictBody] DemoInsightRequest request, [FromServices] CombinedDecisions decisions, CancellationToken cancellationToken)
    {
        var visitor = await sessions.RequireAsync(Request, cancellationToken);
        if (!await Looking.WaitAsync(TimeSpan.FromSeconds(2), cancellationToken))
            throw new ProblemException(503, "demo.busy", "Too many look behind the scenes at once. Try again.") { RetryAfterSeconds = 2 };
        try
        {
            Response.Headers.CacheControl = "private, no-store";
            var known = await Service<DemoProfileView>().ReadAsync(visitor, cancellationToken);
            return known.Closed is null ? await DecidedAsync(known, visitor, request, decisions, cancellationToken) : known;
        }
        finally
        {
            Looking.Release();
        }
    }

    private async Task<DemoInsightAnswer> DecidedAsync(
        DemoInsightAnswer known, DemoVisitor visitor, DemoInsightRequest request, CombinedDecisions decisions, CancellationToken cancellationToken)
    {
        var hasCart = request.Cart is { Items.Count: > 0 };
        var asked = new CombinedDecisionRequest
        {
            Shopper = DemoDecision.Shopper(visitor),
            Blocks = new(request.Placements ?? ["header", "content", "right", "footer"], null),
            Cart = hasCart ? DemoDecision.Cart(request.Cart!) : null,
            Product = request.Product is { Length: > 0 and <= 128 } sku ? System.Text.Json.JsonSerializer.SerializeToElement(sku) : null,
            RelatedProducts = DemoDecision.Related(request.Product, hasCart),
        };
        var decision = await decisions.DecideAsync(asked, DemoDecision.Caller(visitor), Targeting.OptedOut(Request), explain: true, cancellationToken);
        var ids = (decision.Cart?.Explanation ?? []).Select(rule => (rule.Id, rule.Name))
            .Concat((decision.RelatedProducts?.Lists.Values ?? []).SelectMany(list => list.Explanation ?? []).Select(rule => (rule.Id, Name: rule.Key)));
        return known with { Decision = decision, Rules = ids.DistinctBy(rule => rule.Id).ToDictionary(rule => rule.Id, rule => rule.Name) };
    }

    private async Task<DemoSessionAnswer> GreetAsync(DemoVisitor visitor, CancellationToken cancellationToken)
    {
        var key = await Service<DemoKey>().ReadAsync(cancellationToken);
        await sessions.WriteAsync(HttpContext, visitor, cancellationToken);
        Response.Headers.CacheControl = "private, no-store";
        return new(key, visitor.Device, visitor.CustomerId, visitor.Email, visitor.FirstName, DemoDecision.GroupOf(visitor), DemoDecision.Shipping, DemoDecision.Currency);
    }

    private T Service<T>()
        where T : notnull => HttpContext.RequestServices.GetRequiredService<T>();
}

/// <summary>Whom to sign in as: either a made-up customer or an address.</summary>
public sealed record DemoSignIn
{
    public string? CustomerId { get; init; }
    public string? Email { get; init; }
    public string? FirstName { get; init; }
}

/// <summary>Who the visitor is.</summary>
/// <param name="Key">The public key of the pages.</param>
/// <param name="Shipping">What shipping costs before rules.</param>
public sealed record DemoSessionAnswer(
    string Key, Guid Device, string? CustomerId, string? Email, string? FirstName, int CustomerGroup, decimal Shipping, string Currency);
