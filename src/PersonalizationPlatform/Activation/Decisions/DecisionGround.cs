using Npgsql;
using PersonalizationPlatform.Activation.Live;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>What a decision stands on: one shopper at one instant, and the definitions that stood at that instant, all of one publication.</summary>
/// <param name="Shopper">Null = nothing is known of the shopper, or may be used.</param>
public sealed record DecisionGround(ShopperView? Shopper, SegmentSet Segments, LiveSet Live, DateTimeOffset At);

/// <summary>Reads the ground of decisions.</summary>
public sealed class DecisionReader(
    ShopperReader shoppers, SegmentDefinitions segments, LiveDefinitions live, NpgsqlDataSource database, TimeProvider time)
{
    private const int MaxAttempts = 50;

    /// <summary>A page waits for it, and whoever waits longer asks again.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(3);

    /// <summary>503 <c>decision.overtaken</c> rather than half of a publication.</summary>
    /// <exception cref="TimeoutException">Somebody has locked what has to be read, or the database hangs.</exception>
    /// <param name="identities">What the caller knows of the shopper.</param>
    /// <param name="optedOut">The shopper is not even looked up.</param>
    public Task<DecisionGround> ReadAsync(IReadOnlyList<Identity> identities, bool optedOut, CancellationToken cancellationToken) =>
        Deadline.WithinAsync(LongestRead, time, enough => ReadGroundAsync(identities, optedOut, enough), cancellationToken);

    private async Task<DecisionGround> ReadGroundAsync(IReadOnlyList<Identity> identities, bool optedOut, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var view = optedOut ? null : await shoppers.ReadAsync(identities, cancellationToken);
            var (epoch, publication) = view is null
                ? await DefinitionEpoch.CurrentPublicationAsync(database, cancellationToken)
                : (view.Epoch, view.Publication);
            var set = await live.AtAsync(publication, cancellationToken);
            var known = await segments.AtAsync(epoch, cancellationToken);
            // Somebody published in between: the shopper is read again, so that nobody is judged by half of it. A shopper judged under
            // newer segments than the statement that named the publication has seen is told by the epoch that the publication belongs to.
            if (set.Publication != publication || known.Epoch != epoch || set.Epoch != epoch)
            {
                if (attempt < MaxAttempts)
                    continue;
                throw new ProblemException(503, "decision.overtaken", "Definitions are being published faster than they can be read. Try again.") { RetryAfterSeconds = 1 };
            }

            var at = view?.At ?? time.GetUtcNow();
            return new(view is not null && Targeting.OptedOut(view.Consents) ? null : view, known, set, at);
        }
    }
}
