using Npgsql;
using PersonalizationPlatform.Activation.Live;
using PersonalizationPlatform.Database;
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
    private const int MaxAttempts = 10;

    /// <param name="identities">What the caller knows of the shopper.</param>
    /// <param name="optedOut">The shopper is not even looked up.</param>
    public async Task<DecisionGround> ReadAsync(IReadOnlyList<Identity> identities, bool optedOut, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var view = optedOut ? null : await shoppers.ReadAsync(identities, cancellationToken);
            var (epoch, publication) = view is null
                ? await DefinitionEpoch.CurrentPublicationAsync(database, cancellationToken)
                : (view.Epoch, view.Publication);
            var set = await live.AtAsync(publication, cancellationToken);
            var known = await segments.AtAsync(epoch, cancellationToken);
            // Somebody published in between: the shopper is read again, so that nobody is judged by half of it.
            if ((set.Publication != publication || known.Epoch != epoch) && attempt < MaxAttempts)
                continue;
            var at = view?.At ?? time.GetUtcNow();
            return new(view is not null && Targeting.OptedOut(view.Consents) ? null : view, known, set, at);
        }
    }
}
