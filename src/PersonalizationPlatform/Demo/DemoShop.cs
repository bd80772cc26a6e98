using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Demo;

/// <summary>
/// Fills an empty database with a small shop, so that the first look shows something: products, shoppers with 90 days of
/// behaviour and orders, segments, audiences and blocks. Everything goes the way a merchant's own data goes. Everything made up
/// is a function of the instant at which loading began, so a start after an interrupted one sends the same again, and what is
/// there already counts as a repeat.
/// </summary>
public sealed partial class DemoShop(
    DemoProgress progress, Products products, EventIntake intake, Refresher refresher, IServiceScopeFactory scopes, TimeProvider time,
    IOptions<DemoOptions> options, IOptions<CollectionLimits> limits, ILogger<DemoShop> logger)
{
    /// <summary>Whether this database holds the demo shop; known once <see cref="EnsureAsync"/> has run.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>The e-mail of a customer to try things with: the first who loves bags.</summary>
    public static string ExampleCustomer => Example(Persona.BagLover).Email!;

    /// <summary>The ECID of a visitor to try things with: the first who only looks.</summary>
    public static string ExampleVisitor => Example(Persona.WindowShopper).Ecid;

    /// <summary>Loads the shop if it is wanted and the database is empty, or completes what was interrupted. One node at a time.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var found = await progress.ReadAsync(cancellationToken);
        IsLoaded = found?.Completed == true;
        if (IsLoaded || !options.Value.Load || (found is null && !await IsEmptyAsync(cancellationToken)))
            return;
        var begunAt = found?.BegunAt ?? time.Now();
        var started = Stopwatch.GetTimestamp();
        LogLoading(logger);
        await progress.BeginAsync(begunAt, cancellationToken);
        await LoadAsync(begunAt, cancellationToken);
        await progress.CompleteAsync(begunAt, cancellationToken);
        IsLoaded = true;
        LogLoaded(logger, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Who people are does not depend on when.</summary>
    private static DemoShopper Example(Persona persona) => DemoShoppers.All(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)).First(shopper => shopper.Persona == persona);

    private async Task LoadAsync(DateTimeOffset begunAt, CancellationToken cancellationToken)
    {
        await LoadProductsAsync(cancellationToken);
        var shoppers = DemoShoppers.All(begunAt);
        var journal = DemoBehaviour.Of(shoppers, begunAt);
        await SendAsync(EventDoor.Profiles, journal.Records, cancellationToken);
        await SendAsync(EventDoor.Storefront, journal.Storefront, cancellationToken);
        await SendAsync(EventDoor.BackOffice, journal.BackOffice, cancellationToken);
        await using (var scope = scopes.CreateAsyncScope())
        {
            var definitions = ActivatorUtilities.CreateInstance<DemoDefinitions>(scope.ServiceProvider);
            await definitions.LoadAsync(shoppers, cancellationToken);
        }

        // Answers would be right without it; this fills the member lists before anybody looks.
        while (await refresher.RefreshOnceAsync(cancellationToken) > 0)
        {
        }
    }

    /// <summary>Nothing that came from outside: whoever has begun to use the database does not want a demo in it.</summary>
    private async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDb>();
        return !await db.Database.SqlQueryRaw<bool>("""select exists (select from event) as "Value" """).SingleAsync(cancellationToken)
            && !await db.Set<Product>().AnyAsync(cancellationToken) && !await db.Set<SegmentDefinition>().AnyAsync(cancellationToken)
            && !await db.Set<Audience>().AnyAsync(cancellationToken) && !await db.Set<DynamicBlock>().AnyAsync(cancellationToken);
    }

    private async Task LoadProductsAsync(CancellationToken cancellationToken)
    {
        var now = time.Now();
        var errors = new List<ProblemError>();
        var catalogue = DemoContent.Products.Select(product => product.ToProduct(null, now, errors)).OfType<Product>().ToList();
        await products.UpsertAsync(catalogue, now, cancellationToken);
    }

    private async Task SendAsync(EventDoor door, IReadOnlyList<JsonObject> events, CancellationToken cancellationToken)
    {
        foreach (var batch in events.Chunk(Math.Min(500, limits.Value.MaxBatch)))
        {
            var answer = await intake.TakeAsync(XdmText.Bytes(batch), door, null, cancellationToken);
            if (answer.Refused is [var first, ..])
                LogRefused(logger, answer.Refused.Count, door, first.Code);
        }
    }

    [LoggerMessage(LogLevel.Information, "Loading the demo shop (start with --empty to leave it out)")]
    private static partial void LogLoading(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Loaded the demo shop in {Seconds:0.0} s")]
    private static partial void LogLoaded(ILogger logger, double seconds);

    [LoggerMessage(LogLevel.Warning, "{Count} events of the demo shop were refused at the {Door} door, the first because of {Code}")]
    private static partial void LogRefused(ILogger logger, int count, EventDoor door, string code);
}
