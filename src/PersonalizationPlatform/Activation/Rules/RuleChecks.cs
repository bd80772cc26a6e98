using System.Text.Json;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;

namespace PersonalizationPlatform.Activation.Rules;

/// <summary>Checks that several kinds of rules share; what is wrong is added to the errors with codes that begin with the kind's.</summary>
internal sealed class RuleChecks(string code, List<ProblemError> errors)
{
    private const int MaxReferences = 1000;
    private const decimal MaxAmount = 1_000_000_000_000;

    public void Add(string member, string problem, string detail) => errors.Add(new("$." + member, $"{code}.{problem}", detail));

    public void Text(string? text, string member, int most)
    {
        if (text?.Length > most)
            Add(member, member, $"{member} has at most {most} characters.");
    }

    public void Range(long? number, string member, long least, long most)
    {
        if (number < least || number > most)
            Add(member, member, $"{member} is a whole number from {least} to {most}.");
    }

    public void Amount(decimal? amount, string member)
    {
        if (amount is < 0 or > MaxAmount || amount is { } given && decimal.Round(given, 6) != given)
            Add(member, member, $"{member} is 0 to {MaxAmount} with at most 6 decimals.");
    }

    public void Dates(DateOnly? from, DateOnly? to)
    {
        if (from > to)
            Add("toDate", "dates", "toDate must not be earlier than fromDate.");
    }

    /// <summary>Codes of websites as these spell them, each once; null for every website.</summary>
    /// <param name="codes">As written.</param>
    /// <param name="known">How a website spells its code; null when there is none.</param>
    public IReadOnlyList<string>? Websites(IReadOnlyList<string>? codes, Func<string, string?> known)
    {
        var found = new List<string>();
        for (var i = 0; i < (codes?.Count ?? 0) && i < MaxReferences; i++)
        {
            if (codes![i] is { } code && known(code) is { } website)
                found.Add(website);
            else
                Add($"websites[{i}]", "unknownWebsite", "There is no website with this code.");
        }

        return codes?.Count > MaxReferences ? Once("websites", codes, StringComparer.Ordinal) : Once("websites", found, StringComparer.Ordinal);
    }

    /// <summary>Numbers of customer groups, each once; null for every group.</summary>
    public IReadOnlyList<int>? CustomerGroups(IReadOnlyList<int>? groups)
    {
        if (groups?.Any(group => group is < 0 or > 1_000_000) == true)
            Add("customerGroups", "customerGroups", "A customer group is a number from 0 to 1000000; 0 = not logged in.");
        return Once("customerGroups", groups, EqualityComparer<int>.Default);
    }

    /// <summary>The condition in its canonical form.</summary>
    public JsonElement? Condition(JsonElement? json, string member, FieldScope root, DefinitionReferences references) =>
        json is { ValueKind: not JsonValueKind.Null } given
            ? ConditionJson.Parse(given, "$." + member, references.Context with { Root = root }, errors)?.ToJson()
            : null;

    private IReadOnlyList<T>? Once<T>(string member, IReadOnlyList<T>? given, IEqualityComparer<T> comparer)
    {
        if (given?.Count > MaxReferences)
            Add(member, member, $"At most {MaxReferences} of them.");
        return given is { Count: > 0 and <= MaxReferences } ? [.. given.Distinct(comparer)] : null;
    }
}
