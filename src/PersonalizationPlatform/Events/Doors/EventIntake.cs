using Microsoft.Extensions.Options;
using PersonalizationPlatform.Events.Log;
using PersonalizationPlatform.Events.Refused;
using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>What happens behind every collecting door: understand, hand over, keep the refused apart.</summary>
public sealed partial class EventIntake(
    EventLog log, AccountDeletions deletions, RefusedEvents refusedEvents, TimeProvider time, IOptions<CollectionLimits> limits, ILogger<EventIntake> logger)
{
    /// <summary>Takes a body. Returns after the good events are committed; throws <see cref="Http.ProblemException"/> when nothing was stored.</summary>
    /// <param name="body">The request's body, decompressed.</param>
    /// <param name="door">The door it came through.</param>
    /// <param name="website">The website of the key: that of events which name none.</param>
    /// <param name="cancellationToken">Ends the waiting, not a commit that has begun.</param>
    public async Task<CollectionAnswer> TakeAsync(ReadOnlyMemory<byte> body, EventDoor door, string? website, CancellationToken cancellationToken)
    {
        var slices = BatchReader.Split(body, limits.Value.MaxBatch);
        return await TakeAsync([.. slices.Select(slice => new Arrival(slice) { Website = website })], door, cancellationToken);
    }

    /// <summary>Takes what a door has read. Returns after the good events are committed.</summary>
    /// <param name="arrivals">The events, at most <see cref="CollectionLimits.MaxBatch"/>; refusals tell their positions in this list.</param>
    /// <param name="door">The door they came through.</param>
    /// <param name="cancellationToken">Ends the waiting, not a commit that has begun.</param>
    public async Task<CollectionAnswer> TakeAsync(IReadOnlyList<Arrival> arrivals, EventDoor door, CancellationToken cancellationToken)
    {
        if (arrivals.Count == 0)
            return new CollectionAnswer(0, 0, 0, []);

        var receivedAt = Now();
        var bounds = limits.Value.For(door, receivedAt);
        var good = new List<CustomerEvent>(arrivals.Count);
        var refused = new List<RefusedEvent>();
        var refusals = new List<Refusal>();
        for (var index = 0; index < arrivals.Count; index++)
        {
            if (XdmEventReader.TryRead(arrivals[index], door, bounds, out var understood, out var refusal))
            {
                good.Add(understood);
                continue;
            }

            refusals.Add(new Refusal(index, refusal.Code, refusal.Detail));
            refused.Add(new RefusedEvent(door, refusal.Code, refusal.Detail, arrivals[index]));
        }

        var outcomes = good.Count == 0 ? [] : await log.AppendAsync(good, receivedAt, cancellationToken);
        if (refused.Count > 0)
        {
            // The good ones are committed: from here on the client's patience no longer decides.
            await refusedEvents.AddAsync(refused, receivedAt, CancellationToken.None);
            Refused(refused.Count, door, refused[0].Code);
        }

        await deletions.FollowAsync(good, receivedAt, cancellationToken);
        return Answer(outcomes, refusals);
    }

    /// <summary>Runs one refused event again, as if it had come now; it leaves the refused ones unless it is refused again.</summary>
    /// <returns>Null when there is no such refused event.</returns>
    public async Task<CollectionAnswer?> RetryAsync(long id, CancellationToken cancellationToken)
    {
        if (await refusedEvents.FindAsync(id, cancellationToken) is not { } kept)
            return null;
        var receivedAt = Now();
        if (!XdmEventReader.TryRead(kept.Arrival, kept.Door, limits.Value.For(kept.Door, receivedAt), out var understood, out var refusal))
        {
            await refusedEvents.RefuseAgainAsync(id, refusal.Code, refusal.Detail, cancellationToken);
            return Answer([], [new Refusal(0, refusal.Code, refusal.Detail)]);
        }

        var outcomes = await log.AppendAsync([understood], receivedAt, cancellationToken);
        await deletions.FollowAsync([understood], receivedAt, cancellationToken);
        await refusedEvents.RemoveAsync(id, CancellationToken.None);
        return Answer(outcomes, []);
    }

    /// <summary>Instants are kept to the microsecond, as the database keeps them.</summary>
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static CollectionAnswer Answer(IReadOnlyList<AppendOutcome> outcomes, IReadOnlyList<Refusal> refusals) => new(
        outcomes.Count(o => o == AppendOutcome.Accepted), outcomes.Count(o => o == AppendOutcome.Duplicate), outcomes.Count(o => o == AppendOutcome.Withheld), refusals);

    [LoggerMessage(LogLevel.Information, "Refused {Count} events at the {Door} door, the first because of {Code}")]
    private partial void Refused(int count, EventDoor door, string code);
}
