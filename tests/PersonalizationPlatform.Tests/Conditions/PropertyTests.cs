using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Conditions;

public class PropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_trees_over_random_histories_agree_with_the_naive_judge_and_never_flip_before_they_say(int batch)
    {
        var differences = new List<string>();
        for (var seed = batch * 100_000; seed < (batch * 100_000) + 250 && differences.Count < 5; seed++)
            Check(seed, differences);
        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    private static void Check(int seed, List<string> differences)
    {
        var wild = new Wild(seed);
        var history = wild.History();
        var facts = history.Build();
        var json = wild.Tree();
        var condition = Reading.Read(json);
        var arrivals = Times(facts);
        var shuffled = history.Build(new Random(seed));
        var stretch = new List<(DateTimeOffset At, Verdict Verdict)>();
        foreach (var now in Checkpoints(arrivals))
        {
            var verdict = condition.Judge(facts, now);
            var expected = new NaiveJudge(facts, now).Holds(condition);
            if (verdict.Matches != expected)
            {
                differences.Add($"seed {seed} at {now:O}: {verdict.Matches}, naively {expected}\n{json}");
                return;
            }

            if (condition.Judge(shuffled, now) != verdict)
            {
                differences.Add($"seed {seed} at {now:O}: another order of arrival gives another verdict\n{json}");
                return;
            }

            if (condition.Explain(new Moment(facts, now, _ => Verdict.False, WebsiteSettings.Base)) is var explained && (explained.Matches, explained.ChangesAt) != (verdict.Matches, verdict.ChangesAt))
            {
                differences.Add($"seed {seed} at {now:O}: explain says {explained.Matches} until {explained.ChangesAt:O}, evaluate {verdict}\n{json}");
                return;
            }

            if (verdict.ChangesAt <= now)
            {
                differences.Add($"seed {seed} at {now:O}: changes at {verdict.ChangesAt:O}, which has passed\n{json}");
                return;
            }

            if (arrivals.Contains(now))
                stretch.Clear();
            foreach (var (at, earlier) in stretch)
            {
                if (earlier.Matches != verdict.Matches && (earlier.ChangesAt is not { } due || due > now))
                {
                    differences.Add($"seed {seed}: at {at:O} said {earlier}, but flipped at or before {now:O}\n{json}");
                    return;
                }
            }

            stretch.Add((now, verdict));
        }
    }

    private static HashSet<DateTimeOffset> Times(Facts facts) =>
    [
        .. facts.Events.Select(e => e.CountsAt),
        .. facts.Orders.SelectMany(o => o.Parts).Select(p => p.CountsAt),
        .. facts.Attributes.Select(a => a.At),
    ];

    /// <summary>Every arrival, the edge of every window of every arrival, and one microsecond either side.</summary>
    private static IEnumerable<DateTimeOffset> Checkpoints(HashSet<DateTimeOffset> arrivals)
    {
        var edges = new SortedSet<DateTimeOffset> { Wild.Start.AddYears(1) };
        foreach (var at in arrivals)
        {
            edges.Add(at);
            foreach (var text in Wild.Windows)
            {
                Assert.True(Window.TryParse(text, out var window));
                edges.Add(window.EndOf(at));
            }
        }

        var all = new SortedSet<DateTimeOffset>(edges);
        foreach (var edge in edges)
        {
            all.Add(edge.AddMicroseconds(-1));
            all.Add(edge.AddMicroseconds(1));
        }

        return all;
    }
}
