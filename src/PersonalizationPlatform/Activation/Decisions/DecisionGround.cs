using Npgsql;
using PersonalizationPlatform.Activation.Live;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>What a decision stands on: one shopper at one instant, and the definitions that stand now, all of one publication.</summary>
/// <param name="Shopper">Null = nothing is known of the shopper, or may be used.</param>
/// <param name="Segments">Segments and audiences.</param>
/// <param name="Live">Every other definition.</param>
/// <param name="Website">Where it is for.</param>
/// <param name="At">When it is for.</param>
/// <param name="Day">The day that this is on the website.</param>
public sealed record DecisionGround(ShopperView? Shopper, SegmentSet Segments, LiveSet Live, Website Website, DateTimeOffset At, DateOnly Day);

/// <summary>Reads the ground of decisions.</summary>
public sealed class DecisionReader(
    ShopperReader shoppers, SegmentDefinitions segments, LiveDefinitions live, NpgsqlDataSource database, TimeProvider time)
{
    private const int MaxAttempts = 50;

    /// <summary>A page waits for it, and whoever waits longer asks again.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(3);

    /// <summary>400 <c>at.invalid</c>; 503 <c>decision.overtaken</c> rather than half of a publication.</summary>
    /// <exception cref="TimeoutException">Somebody has locked what has to be read, or the database hangs.</exception>
    /// <param name="caller">What is known of the shopper, and whether another instant than now may be asked about.</param>
    /// <param name="website">The website's code or number; null = <c>base</c>.</param>
    /// <param name="at">The instant asked about; null = now.</param>
    /// <param name="optedOut">The shopper is not even looked up.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<DecisionGround> ReadAsync(DecisionCaller caller, string? website, string? at, bool optedOut, CancellationToken cancellationToken) =>
        Deadline.WithinAsync(LongestRead, time, enough => ReadGroundAsync(optedOut ? null : caller.Identities, website, caller.IsAdmin ? at : null, enough), cancellationToken);

    /// <summary>The same of nobody: for what does not depend on who the shopper is.</summary>
    public Task<DecisionGround> ReadAsync(string? website, string? at, CancellationToken cancellationToken) =>
        Deadline.WithinAsync(LongestRead, time, enough => ReadGroundAsync(null, website, at, enough), cancellationToken);

    private async Task<DecisionGround> ReadGroundAsync(IReadOnlyList<Identity>? identities, string? code, string? asked, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var view = identities is null ? null : await shoppers.ReadAsync(identities, cancellationToken);
            var (epoch, publication) = view is null
                ? await DefinitionEpoch.CurrentPublicationAsync(database, cancellationToken)
                : (view.Epoch, view.Publication);
            var set = await live.AtAsync(publication, cancellationToken);
            var known = await segments.AtAsync(epoch, cancellationToken);
            var website = set.Websites.Of(code);
            var (at, day) = DecisionInstant.Of(asked, view?.At ?? time.GetUtcNow(), website);
            if (view is not null && !string.IsNullOrEmpty(asked))
                view = await shoppers.ReadAsync(identities!, at, cancellationToken);
            // Somebody published in between: the shopper is read again, so that nobody is judged by half of it. A shopper judged under
            // newer segments than the statement that named the publication has seen is told by the epoch that the publication belongs to.
            if (set.Publication != publication || known.Epoch != epoch || set.Epoch != epoch || (view is not null && view.Epoch != epoch))
            {
                if (attempt < MaxAttempts)
                    continue;
                throw new ProblemException(503, "decision.overtaken", "Definitions are being published faster than they can be read. Try again.") { RetryAfterSeconds = 1 };
            }

            return new(view is not null && Targeting.OptedOut(view.Consents) ? null : view, known, set, website, at, day);
        }
    }
}
