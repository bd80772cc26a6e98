using System.Text.Json;
using PersonalizationPlatform.Segments.Definitions;

namespace PersonalizationPlatform.Activation.Rules;

/// <summary>
/// Segments or audiences a rule is assigned to: texts are ids or keys, and kept as ids; <c>{ "external": "5" }</c> is one that only
/// another system knows.
/// </summary>
internal static class MembershipReferences
{
    private const int Most = 1000;

    public static IReadOnlyList<JsonElement>? Segments(IReadOnlyList<JsonElement>? given, DefinitionReferences references, RuleChecks checks) =>
        Read(given, "segments", "Segment", text => references.Segment(text)?.Value, checks);

    public static IReadOnlyList<JsonElement>? Audiences(IReadOnlyList<JsonElement>? given, DefinitionReferences references, RuleChecks checks) =>
        Read(given, "audiences", "Audience", text => references.Audience(text)?.Value, checks);

    /// <summary>The ids among stored references.</summary>
    public static IReadOnlyList<Guid> Ids(IReadOnlyList<JsonElement>? stored) =>
        [.. (stored ?? []).Where(entry => entry.ValueKind == JsonValueKind.String).Select(entry => entry.GetGuid())];

    /// <summary>The external ids among stored references.</summary>
    public static IReadOnlyList<string> Externals(IReadOnlyList<JsonElement>? stored) => [.. (stored ?? []).Select(External).OfType<string>()];

    private static List<JsonElement>? Read(
        IReadOnlyList<JsonElement>? given, string member, string kind, Func<string, Guid?> find, RuleChecks checks)
    {
        if (given is not { Count: > 0 })
            return null;
        if (given.Count > Most)
        {
            checks.Add(member, member, $"At most {Most} {member}.");
            return null;
        }

        var kept = new List<JsonElement>();
        for (var i = 0; i < given.Count; i++)
        {
            if (External(given[i]) is { } external)
                kept.Add(JsonSerializer.SerializeToElement(new { external }));
            else if (given[i].ValueKind != JsonValueKind.String)
                checks.Add($"{member}[{i}]", member, "This is an id or a key, or { \"external\": \"5\" }.");
            else if (find(given[i].GetString()!) is { } id)
                kept.Add(JsonSerializer.SerializeToElement(id));
            else
                checks.Add($"{member}[{i}]", "unknown" + kind, $"There is no {kind.ToLowerInvariant()} with this id or key; one of another system is {{ \"external\": \"5\" }}.");
        }

        return [.. kept.DistinctBy(entry => entry.GetRawText())];
    }

    private static string? External(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object && entry.EnumerateObject().Count() == 1 && entry.TryGetProperty("external", out var external)
        && external.ValueKind == JsonValueKind.String && external.GetString() is { Length: > 0 and <= 200 } id
            ? id
            : null;
}
