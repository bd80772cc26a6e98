using Microsoft.Extensions.Options;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Refused;
using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>Hands translated messages over to the doors they belong to, and keeps those apart that are larger than one may be.</summary>
public sealed class SegmentIntake(
    EventIntake intake, RefusedEvents refusedEvents, TimeProvider time, IOptions<CollectionLimits> limits, IOptions<SegmentOptions> options)
{
    /// <summary>Takes a request's messages. Returns after what is good in them is committed.</summary>
    /// <param name="body">The messages.</param>
    /// <param name="call">Which call they are by the request's address; null = each says so itself.</param>
    /// <param name="trusted">Whether they came with a secret key.</param>
    /// <param name="website">The website of the key.</param>
    /// <param name="cancellationToken">Ends the waiting, not a commit that has begun.</param>
    internal async Task TakeAsync(SegmentBody body, string? call, bool trusted, string? website, CancellationToken cancellationToken)
    {
        if (trusted)
            body.StrikeKeys();
        var receivedAt = time.GetUtcNow();
        var request = new SegmentRequest(trusted, website, body.SentAt, body.Context, receivedAt);
        var arrivals = new List<(EventDoor Door, Arrival Arrival)>(body.Messages.Count);
        var refused = new List<RefusedEvent>();
        foreach (var message in body.Messages)
        {
            var (door, arrival) = SegmentTranslator.Translate(message, call, request, options.Value, limits.Value.MaxDepth);
            if (message.Length <= options.Value.MaxMessageBytes)
                arrivals.Add((door, arrival));
            else
                refused.Add(new RefusedEvent(door, RefusalCodes.TooLarge, $"The message has {message.Length} bytes; at most {options.Value.MaxMessageBytes} are taken.", arrival));
        }

        foreach (var group in arrivals.GroupBy(a => a.Door, a => a.Arrival))
            foreach (var batch in group.Chunk(limits.Value.MaxBatch))
                await intake.TakeAsync(batch, group.Key, cancellationToken);
        if (refused.Count > 0)
            await refusedEvents.AddAsync(refused, receivedAt, CancellationToken.None);
    }
}
