using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>
/// The step of changes an import, or a part of a large one, is. Each item stands under a savepoint: one that is refused leaves nothing
/// behind and holds up nobody else.
/// </summary>
internal sealed class ImportStep(PlatformDb db, WebsiteNumbers websites, ItemFaults faults, ReportBuilder report)
{
    /// <summary>Well above what conditions nest, and far below what a stack bears.</summary>
    internal const int MaxJsonDepth = 1_000;

    /// <summary>Reads an item and does what it asks for; reports how that ended.</summary>
    public async Task TakeAsync(ImportItem item, Func<JsonElement, JsonPath, Task<Taken>> take, CancellationToken cancellationToken)
    {
        var path = new JsonPath(null, item.Path, -1);
        Taken taken;
        try
        {
            using var document = JsonDocument.Parse(item.Json, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
            taken = Unusable(document.RootElement, item.Path) is { } unusable
                ? Taken.Refused(null, unusable)
                : await UnderSavepointAsync(item, () => take(document.RootElement, path), cancellationToken);
            // Whoever refused it may not have known yet what it is called.
            taken = taken with { ExternalId = taken.ExternalId ?? item.Id };
        }
        catch (JsonException)
        {
            // The body as a whole was JSON: only its depth can be wrong here.
            taken = Taken.Refused(null, new ImportNote("json.tooDeep", $"An item nests at most {MaxJsonDepth} deep.", item.Path));
        }

        foreach (var (number, code) in websites.TakeNew())
        {
            report.Add("websites", number.ToString(CultureInfo.InvariantCulture), item.Path, ImportOutcome.Created, null,
                [new("website.created", $"No website here has the number {number}: one is created with the code {code} and the shop's defaults.", item.Path)]);
        }

        report.Add(item.Member, taken.ExternalId, item.Path, taken.Outcome, taken.Id, taken.Notes);
    }

    /// <summary>
    /// Takes items that may change places with each other: what the givers give up is free before the first is taken. Those who turn out to
    /// keep it, being refused for instance, are no givers, and all is taken anew without them.
    /// </summary>
    /// <param name="free">Frees what the givers give up.</param>
    /// <param name="kept">The givers who did not give it up.</param>
    public async Task ChangingPlacesAsync<TGiver>(
        HashSet<TGiver> givers, Func<Task> free, Func<Task> take, Func<Task<IReadOnlyCollection<TGiver>>> kept, CancellationToken cancellationToken)
    {
        const string Savepoint = "places";
        var transaction = db.Database.CurrentTransaction ?? throw new InvalidOperationException("An import is a step of changes.");
        while (givers.Count > 0)
        {
            var takeBack = report.Mark();
            await transaction.CreateSavepointAsync(Savepoint, cancellationToken);
            await free();
            await take();
            var keepers = await kept();
            if (keepers.Count == 0)
            {
                await transaction.ReleaseSavepointAsync(Savepoint, cancellationToken);
                return;
            }

            await transaction.RollbackToSavepointAsync(Savepoint, cancellationToken);
            db.ChangeTracker.Clear();
            websites.Forget();
            takeBack();
            givers.ExceptWith(keepers);
        }

        await take();
    }

    private async Task<Taken> UnderSavepointAsync(ImportItem item, Func<Task<Taken>> take, CancellationToken cancellationToken)
    {
        const string Savepoint = "item";
        var transaction = db.Database.CurrentTransaction ?? throw new InvalidOperationException("An import is a step of changes.");
        await transaction.CreateSavepointAsync(Savepoint, cancellationToken);
        try
        {
            var taken = await take();
            if (taken.Outcome == ImportOutcome.Refused)
                await TakeBackAsync();
            else
                await transaction.ReleaseSavepointAsync(Savepoint, cancellationToken);
            return taken;
        }
        catch (ProblemException problem)
        {
            await TakeBackAsync();
            return Taken.Refused(null, [.. Notes(problem, item.Path)]);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: ['2', '2' or '3', ..] } cause)
        {
            // A value or a key the checks let through: one item's fault, not the service's.
            await TakeBackAsync();
            return Taken.Refused(null, new ImportNote("item.notStored", $"The database refuses it ({cause.SqlState}).", item.Path));
        }
        catch (Exception e) when (ItemFaults.Of(e))
        {
            await TakeBackAsync();
            return Taken.Refused(null, faults.Note(item, e));
        }
        finally
        {
            db.ChangeTracker.Clear();
        }

        async Task TakeBackAsync()
        {
            await transaction.RollbackToSavepointAsync(Savepoint, cancellationToken);
            websites.Forget();
        }
    }

    /// <summary>What a refused definition tells, at the place in the body where the item stands.</summary>
    internal static IEnumerable<ImportNote> Notes(ProblemException problem, string path) => problem.Errors.Count == 0
        ? [new(problem.Code, problem.Message, path)]
        : problem.Errors.Select(error => new ImportNote(error.Code, error.Detail, path + error.Path.TrimStart('$')));

    /// <summary>Why an item cannot even be looked at; null = it can.</summary>
    internal static ImportNote? Unusable(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return new("json.type", "This must be one JSON object.", path);
        var errors = new List<ProblemError>();
        JsonText.Check(json, path, errors);
        return errors.Count > 0 ? new(errors[0].Code, errors[0].Detail, errors[0].Path) : null;
    }
}

/// <summary>How an item ended.</summary>
internal sealed record Taken(ImportOutcome Outcome, string? ExternalId, Guid? Id, IReadOnlyList<ImportNote> Notes)
{
    public static Taken Refused(string? externalId, params IReadOnlyList<ImportNote> notes) => new(ImportOutcome.Refused, externalId, null, notes);
}
