using System.Text.Json;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Conditions;

/// <summary>The language as data: every file in tests/conditions is walked, and everything that differs is told at once.</summary>
public class GoldenTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public void Every_golden_case_is_judged_as_written()
    {
        var differences = new List<string>();
        var checks = 0;
        foreach (var file in Files())
        {
            foreach (var golden in ConditionJson.ReadText(File.ReadAllText(file)).EnumerateArray())
                checks += Check(Path.GetFileName(file), golden, differences);
        }

        Assert.True(checks > 100, $"Only {checks} checks were found.");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    [Fact]
    public void Every_node_kind_has_golden_cases_that_hold_and_that_do_not()
    {
        var seen = new HashSet<(string, bool)>();
        foreach (var file in Files())
        {
            foreach (var golden in ConditionJson.ReadText(File.ReadAllText(file)).EnumerateArray())
            {
                foreach (var check in golden.GetProperty("checks").EnumerateArray())
                    seen.Add((golden.GetProperty("condition").GetProperty("type").GetString()!, check.GetProperty("matches").GetBoolean()));
            }
        }

        // What only candidates for a list can be asked has its cases in tests/vectors/related-products.json.
        var missing = ConditionJson.Kinds.Where(k => k.UsableIn != FieldScope.Candidate).SelectMany(k => new[] { (k.Type, true), (k.Type, false) }).Where(k => !seen.Contains(k));
        Assert.Empty(missing);
    }

    private static string[] Files()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "tests", "conditions")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("tests/conditions");
        return [.. Directory.GetFiles(Path.Combine(folder.FullName, "tests", "conditions"), "*.json").Order()];
    }

    private static int Check(string file, JsonElement golden, List<string> differences)
    {
        var name = $"{file}: {golden.GetProperty("name").GetString()}";
        var condition = Reading.Read(golden.GetProperty("condition"));
        var written = condition.ToJson().GetRawText();
        if (Reading.Read(written).ToJson().GetRawText() != written)
            differences.Add($"{name}: does not survive being written and read: {written}");
        var builder = Build(golden);
        var facts = builder.Build();
        var shuffled = builder.Build(new Random(7));
        var checks = 0;
        foreach (var check in golden.GetProperty("checks").EnumerateArray())
        {
            checks++;
            var at = check.GetProperty("at").GetDateTimeOffset();
            var expected = new Verdict(
                check.GetProperty("matches").GetBoolean(),
                check.TryGetProperty("changesAt", out var changesAt) ? changesAt.GetDateTimeOffset() : null);
            foreach (var (order, history) in new[] { ("", facts), (" (arrived in another order, some twice)", shuffled) })
            {
                var moment = Moment(history, at);
                var verdict = condition.Evaluate(moment);
                if (verdict != expected)
                    differences.Add($"{name} at {at:O}{order}: expected {expected}, got {verdict}");
                var explained = condition.Explain(moment);
                if ((explained.Matches, explained.ChangesAt) != (verdict.Matches, verdict.ChangesAt) || explained.Text.Length == 0)
                    differences.Add($"{name} at {at:O}{order}: explained otherwise: {explained}");
            }
        }

        return checks;
    }

    /// <summary>The newsletter segment holds until July.</summary>
    private static Moment Moment(Facts facts, DateTimeOffset at)
    {
        var july = new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
        return new Moment(facts, at, segment => segment == Reading.Newsletter && at < july ? new Verdict(true, july) : Verdict.False, WebsiteSettings.Base);
    }

    private static FactsBuilder Build(JsonElement golden)
    {
        var builder = new FactsBuilder();
        if (!golden.TryGetProperty("facts", out var facts))
            return builder;
        foreach (var e in Each(facts, "events"))
            builder.Event(Text(e, "kind")!, At(e), Content(e), Text(e, "id"), e.TryGetProperty("body", out var body) ? body : null);
        foreach (var part in Each(facts, "orderParts"))
        {
            builder.Part(Text(part, "order")!, Text(part, "kind") ?? "backofficeOrderPlaced", At(part),
                Read<OrderContent>(part, "content") ?? new OrderContent(), Read<List<LineItem>>(part, "items"), Text(part, "id"));
        }

        foreach (var a in Each(facts, "attributes"))
            builder.Attribute(Text(a, "name")!, a.GetProperty("value"), At(a), !a.TryGetProperty("timed", out var timed) || timed.GetBoolean(), Text(a, "id"));
        foreach (var product in Each(facts, "products"))
            builder.Products[Text(product, "sku")!] = new Dictionary<string, FieldValue> { [Text(product, "attribute")!] = new FieldValue.Text(Text(product, "value")!) };
        if (facts.TryGetProperty("onVipList", out var vip) && vip.GetBoolean())
            builder.Lists.Add(Reading.Vips);
        builder.IsRegistered = facts.TryGetProperty("registered", out var registered) && registered.GetBoolean();
        builder.FirstSeen = facts.TryGetProperty("firstSeen", out var seen) ? seen.GetDateTimeOffset() : null;
        return builder;
    }

    private static EventContent Content(JsonElement e)
    {
        var content = Read<EventContent>(e, "content") ?? new EventContent();
        return Read<List<LineItem>>(e, "items") is { } items ? content with { Items = items } : content;
    }

    private static IEnumerable<JsonElement> Each(JsonElement json, string name) => json.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static DateTimeOffset At(JsonElement json) => json.GetProperty("at").GetDateTimeOffset();

    private static T? Read<T>(JsonElement json, string name) where T : class => json.TryGetProperty(name, out var value) ? value.Deserialize<T>(Web) : null;
}
