using System.Numerics;
using PersonalizationPlatform.Activation.DynamicBlocks;

namespace PersonalizationPlatform.Activation.Rotators;

/// <summary>
/// Whose turn it is. Pure: what was shown before travels with the page as a token, so that any node goes on where another one stopped
/// and nothing is stored for shoppers who only look. The same token gives the same turn.
/// </summary>
public static class Rotation
{
    /// <summary>The next turn among the blocks that may be shown now.</summary>
    /// <param name="pool">The rotator and everything it chooses from.</param>
    /// <param name="eligible">Those of its blocks that may be shown to this shopper now, in order; at least one.</param>
    /// <param name="token">What the turn before gave out; null, or anything that is none of this rotator's, begins anew.</param>
    /// <param name="chance">Any number: what is left to chance follows from it, and from the token where there is one.</param>
    public static Turn Next(RotatorPool pool, IReadOnlyList<LiveBlock> eligible, string? token, ulong chance) => pool.Rotator.Rotation switch
    {
        RotationMode.OneSeries => Series(pool, eligible, RotationToken.Read(token, pool.Rotator)),
        RotationMode.OneShuffle => Shuffle(pool, eligible, RotationToken.Read(token, pool.Rotator), chance),
        _ => new(Pick(eligible, Mix(chance ^ RotationToken.Tag(pool.Rotator.Id))), null),
    };

    /// <summary>The next one after the last one shown in the whole order, so that who joins or leaves in between moves nobody's turn.</summary>
    private static Turn Series(RotatorPool pool, IReadOnlyList<LiveBlock> eligible, RotationToken? before)
    {
        var last = before is null ? -1 : Place(pool, before);
        for (var step = 1; step <= pool.Order.Count; step++)
        {
            var place = (last + step) % pool.Order.Count;
            if (eligible.FirstOrDefault(block => block.Id == pool.Order[place]) is { } next)
                return new(next, RotationToken.Series(pool.Rotator, place, next.Id).Write());
        }

        throw new ArgumentException("An eligible block is not one of the rotator's.", nameof(eligible));
    }

    /// <summary>Where the last one shown stands; one that is gone is followed by what has moved into its place.</summary>
    private static int Place(RotatorPool pool, RotationToken before)
    {
        for (var place = 0; place < pool.Order.Count; place++)
        {
            if (RotationToken.Tag(pool.Order[place]) == before.Last)
                return place;
        }

        return Math.Min(before.Place, pool.Order.Count) - 1;
    }

    /// <summary>One not shown in this round yet; after all were, a new round, which does not begin with the last one of the old.</summary>
    private static Turn Shuffle(RotatorPool pool, IReadOnlyList<LiveBlock> eligible, RotationToken? before, ulong chance)
    {
        var state = Mix(before?.State ?? (chance ^ RotationToken.Tag(pool.Rotator.Id)));
        var shown = before?.Shown ?? [];
        var open = eligible.Where(block => !shown.Contains(RotationToken.Tag(block.Id))).ToList();
        if (open.Count == 0)
        {
            shown = [];
            open = [.. eligible.Where(block => eligible.Count == 1 || RotationToken.Tag(block.Id) != before?.Last)];
        }

        var next = Pick(open, state);
        return new(next, RotationToken.Shuffle(pool.Rotator, state, next.Id, shown).Write());
    }

    private static LiveBlock Pick(IReadOnlyList<LiveBlock> blocks, ulong number) => blocks[(int)(number % (ulong)blocks.Count)];

    /// <summary>One step of SplitMix64: well spread, and the same everywhere.</summary>
    private static ulong Mix(ulong state)
    {
        unchecked
        {
            var z = state + 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return BitOperations.RotateLeft(z ^ (z >> 31), 17);
        }
    }
}

/// <summary>A block's turn.</summary>
/// <param name="Token">What to bring along next time; null where nothing needs to be remembered.</param>
public sealed record Turn(LiveBlock Block, string? Token);
