using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Rotators;

namespace PersonalizationPlatform.Tests.Activation;

public sealed class RotationTests
{
    private static readonly List<LiveBlock> Blocks = [.. Enumerable.Range(0, 6).Select(n => Block("b" + n))];

    [Fact]
    public void A_series_goes_in_the_order_given_and_begins_again_after_the_last() =>
        Assert.Equal("b0 b1 b2 b3 b4 b5 b0 b1 b2", Show(RotationMode.OneSeries, 9, _ => Blocks));

    [Fact]
    public void A_series_passes_over_who_may_not_be_shown_and_takes_in_who_may_again() =>
        Assert.Equal("b0 b2 b4 b5 b0 b1 b2", Show(RotationMode.OneSeries, 7, turn => turn is 1 or 2 ? [Blocks[0], Blocks[2], Blocks[4]] : Blocks));

    [Fact]
    public void A_series_goes_on_where_a_block_that_was_taken_out_had_stood()
    {
        var rotator = Rotator(RotationMode.OneSeries);
        var token = Rotation.Next(RotatorPool.Of(rotator, Blocks), [Blocks[2]], null, 0).Token;
        var without = rotator with { Blocks = [.. rotator.Blocks.Where(id => id != Blocks[2].Id)] };
        Assert.Equal("b3", Rotation.Next(RotatorPool.Of(without, Blocks), [.. Blocks.Where(block => block != Blocks[2])], token, 0).Block.Key);
    }

    [Fact]
    public void A_shuffle_shows_every_block_once_in_each_round_and_none_twice_in_a_row()
    {
        for (var chance = 0UL; chance < 200; chance++)
        {
            var shown = Show(RotationMode.OneShuffle, 30, _ => Blocks, chance).Split(' ');
            Assert.All(shown.Chunk(6), round => Assert.Equal(6, round.Distinct().Count()));
            Assert.All(shown.Zip(shown.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        }
    }

    [Fact]
    public void A_shuffle_whose_blocks_come_and_go_shows_nobody_again_before_everybody_who_stayed()
    {
        for (var chance = 0UL; chance < 200; chance++)
        {
            // b5 may be shown only at every other turn, b4 only from the fourth on.
            var shown = Show(RotationMode.OneShuffle, 5, turn => [.. Blocks.Take(4), .. turn >= 3 ? Blocks.Skip(4).Take(1) : [], .. turn % 2 == 0 ? Blocks.Skip(5) : []], chance).Split(' ');
            Assert.Equal(shown.Length, shown.Distinct().Count());
        }
    }

    [Fact]
    public void A_shuffle_begins_with_any_block_and_follows_its_token_everywhere()
    {
        var pool = RotatorPool.Of(Rotator(RotationMode.OneShuffle), Blocks);
        var first = Enumerable.Range(0, 500).Select(n => Rotation.Next(pool, Blocks, null, (ulong)n)).ToList();
        Assert.Equal(6, first.Select(turn => turn.Block.Key).Distinct().Count());
        Assert.All(first.Take(20), turn => Assert.Equal(Rotation.Next(pool, Blocks, turn.Token, 1), Rotation.Next(pool, Blocks, turn.Token, 999)));
    }

    [Fact]
    public void A_single_block_is_shown_again_and_again()
    {
        Assert.Equal("b3 b3 b3", Show(RotationMode.OneShuffle, 3, _ => [Blocks[3]]));
        Assert.Equal("b3 b3 b3", Show(RotationMode.OneSeries, 3, _ => [Blocks[3]]));
    }

    [Fact]
    public void Random_shows_each_about_as_often_and_remembers_nothing()
    {
        var pool = RotatorPool.Of(Rotator(RotationMode.OneRandom), Blocks);
        var turns = Enumerable.Range(0, 6_000).Select(n => Rotation.Next(pool, Blocks, null, (ulong)n)).ToList();
        Assert.All(turns, turn => Assert.Null(turn.Token));
        Assert.All(turns.CountBy(turn => turn.Block.Key), pair => Assert.InRange(pair.Value, 850, 1_150));
    }

    [Fact]
    public void A_token_that_is_not_the_rotators_begins_anew()
    {
        var pool = RotatorPool.Of(Rotator(RotationMode.OneSeries), Blocks);
        var token = Rotation.Next(pool, [Blocks[3]], null, 0).Token!;
        Assert.Equal("b4", Rotation.Next(pool, Blocks, token, 0).Block.Key);
        var other = RotatorPool.Of(Rotator(RotationMode.OneSeries), Blocks);
        var shuffled = RotatorPool.Of(pool.Rotator with { Rotation = RotationMode.OneShuffle }, Blocks);
        var forged = (token[0] == 'A' ? 'B' : 'A') + token[1..];
        foreach (var (where, given) in new[] { (other, token), (pool, forged), (pool, token[..^2]), (pool, ""), (pool, "%%%"), (pool, new string('A', 100_000)), (pool, Rotation.Next(shuffled, Blocks, null, 0).Token!) })
            Assert.Equal("b0", Rotation.Next(where, Blocks, given, 0).Block.Key);
    }

    [Fact]
    public void A_token_stays_short_however_many_blocks_there_are()
    {
        var many = Enumerable.Range(0, 500).Select(n => Block("m" + n)).ToList();
        var pool = RotatorPool.Of(Rotator(RotationMode.OneShuffle) with { Blocks = [.. many.Select(block => block.Id)] }, many);
        var shown = new List<string>();
        string? token = null;
        for (var turn = 0; turn < 450; turn++)
        {
            var next = Rotation.Next(pool, many, token, 7);
            token = next.Token!;
            Assert.InRange(token.Length, 1, 2_000);
            Assert.DoesNotContain(next.Block.Key, shown.TakeLast(200));
            shown.Add(next.Block.Key);
        }
    }

    private static string Show(RotationMode mode, int turns, Func<int, IReadOnlyList<LiveBlock>> eligible, ulong chance = 42)
    {
        var pool = RotatorPool.Of(Rotator(mode), Blocks);
        var shown = new List<string>();
        string? token = null;
        for (var turn = 0; turn < turns; turn++)
        {
            var next = Rotation.Next(pool, eligible(turn), token, chance);
            token = next.Token;
            shown.Add(next.Block.Key);
        }

        return string.Join(' ', shown);
    }

    private static LiveRotator Rotator(RotationMode mode) => new(Guid.CreateVersion7(), "hero", "Hero") { Rotation = mode, Blocks = [.. Blocks.Select(block => block.Id)] };

    private static LiveBlock Block(string key) => new(
        Guid.CreateVersion7(), key, key, 0, null, null, null, [BlockLocation.Header], new Dictionary<string, string> { ["default"] = "<p/>" }, [], []);
}
