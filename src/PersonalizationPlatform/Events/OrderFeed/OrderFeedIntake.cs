using Microsoft.Extensions.Options;
using Npgsql;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Log;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.OrderFeed;

/// <summary>
/// Takes records of the order feed. A shop sends an order again whenever anything about it changes, with all that happened before; what
/// is known is left out here by its id, under whatever customer and time it was stored, and so touches nobody. What two requests bring
/// at the same moment, the primary key of the events still catches.
/// </summary>
public sealed class OrderFeedIntake(
    EventIntake intake, NpgsqlDataSource database, TimeProvider time, IOptions<CollectionLimits> limits, IOptions<EventLogOptions> options)
{
    private const string KnownSql = "select key from order_part where order_id = any($1) and key = any($2)";

    /// <summary>Takes a body. Returns after what is new is committed; the answer counts facts, and refusals tell the positions of the records.</summary>
    /// <param name="body">The request's body, decompressed.</param>
    /// <param name="website">The website of the key: that of orders which name none.</param>
    /// <param name="cancellationToken">Ends the waiting, not a commit that has begun.</param>
    public async Task<CollectionAnswer> TakeAsync(ReadOnlyMemory<byte> body, string? website, CancellationToken cancellationToken)
    {
        var records = BatchReader.Split(body, limits.Value.MaxBatch, BatchShape.Orders);
        var bounds = limits.Value.For(EventDoor.BackOffice, time.GetUtcNow());
        var sum = new Sum();
        var facts = new List<(int Record, OrderFact Fact)>();
        long bytes = 0;
        for (var index = 0; index < records.Count; index++)
        {
            // A small record may tell of much: what waits is bounded by what it has become.
            foreach (var fact in OrderTranslator.Translate(records[index], website, options.Value.DefaultWebsite, bounds))
            {
                facts.Add((index, fact));
                bytes += fact.Arrival.Xdm.Length + (fact.Arrival.Sent?.Length ?? 0);
                if (facts.Count < limits.Value.MaxBatch && bytes < limits.Value.MaxServerBodyBytes)
                    continue;
                await TakeAsync(facts, sum, cancellationToken);
                facts.Clear();
                bytes = 0;
            }
        }

        await TakeAsync(facts, sum, cancellationToken);
        return new CollectionAnswer(sum.Accepted, sum.Duplicates, 0, [.. sum.Refused.OrderBy(refusal => refusal.Index)]);
    }

    /// <summary>First of all each fact once, then the repeats among them, which are known by then unless they were refused.</summary>
    private async Task TakeAsync(List<(int Record, OrderFact Fact)> facts, Sum sum, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var rounds = facts.ToLookup(fact => fact.Fact.Id is null || ids.Add(fact.Fact.Id));
        foreach (var round in new[] { rounds[true].ToList(), rounds[false].ToList() })
            if (round.Count > 0)
                await TakeOnceAsync(round, sum, cancellationToken);
    }

    private async Task TakeOnceAsync(List<(int Record, OrderFact Fact)> facts, Sum sum, CancellationToken cancellationToken)
    {
        var known = await KnownAsync([.. facts.Select(fact => fact.Fact).Where(fact => fact.Id is not null)], cancellationToken);
        var unknown = facts.FindAll(fact => fact.Fact.Id is null || !known.Contains(EventKey.OfId(fact.Fact.Id).Value));
        var answer = await intake.TakeAsync([.. unknown.Select(fact => fact.Fact.Arrival)], EventDoor.BackOffice, cancellationToken);
        sum.Accepted += answer.Accepted;
        sum.Duplicates += answer.Duplicates + facts.Count - unknown.Count;
        foreach (var refusal in answer.Refused)
        {
            var (record, fact) = unknown[refusal.Index];
            sum.Refused.Add(refusal with { Index = record, Detail = fact.Part is { } part ? $"{part}: {refusal.Detail}" : refusal.Detail });
        }
    }

    private async Task<HashSet<Guid>> KnownAsync(List<OrderFact> facts, CancellationToken cancellationToken)
    {
        var known = new HashSet<Guid>();
        if (facts.Count == 0)
            return known;
        await using var command = database.CreateCommand(KnownSql);
        command.Parameters.Add(new() { Value = facts.Select(fact => PreparedEvent.OrderIdOf(fact.Order.Website, fact.Order.Number)).Distinct().ToArray() });
        command.Parameters.Add(new() { Value = facts.Select(fact => EventKey.OfId(fact.Id!).Value).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            known.Add(reader.GetGuid(0));
        return known;
    }

    private sealed class Sum
    {
        public int Accepted { get; set; }
        public int Duplicates { get; set; }
        public List<Refusal> Refused { get; } = [];
    }
}
