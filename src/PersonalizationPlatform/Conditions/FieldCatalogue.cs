using PersonalizationPlatform.Conditions.Fields;

namespace PersonalizationPlatform.Conditions;

/// <summary>Every field there is: what validation accepts, evaluation reads and <c>GET /v1/fields</c> lists.</summary>
public static class FieldCatalogue
{
    public static readonly IReadOnlyList<FieldDescription> All =
        [.. ProfileFields.All, .. CartFields.All, .. EventFields.All, .. OrderFields.All, .. ItemFields.All, .. AddressFields.All, .. ProductFields.All];

    private static readonly Dictionary<string, FieldDescription> Plain = All.Where(f => !f.IsPattern).ToDictionary(f => f.Name, StringComparer.Ordinal);

    private static readonly FieldDescription[] Patterns = [.. All.Where(f => f.IsPattern).OrderByDescending(f => f.Prefix.Length)];

    /// <summary>The field of that exact name, null when there is none.</summary>
    public static Field? Find(string name)
    {
        if (Plain.TryGetValue(name, out var plain))
            return new Field(name, plain, "");
        foreach (var pattern in Patterns)
        {
            if (name.Length > pattern.Prefix.Length && name.StartsWith(pattern.Prefix, StringComparison.Ordinal))
            {
                var member = name[pattern.Prefix.Length..];
                return pattern.Members is { } members && !members.Contains(member) && !IsOther(member, members) ? null : new Field(name, pattern, member);
            }
        }

        return null;
    }

    /// <summary>The names usable in a place, for suggestions.</summary>
    internal static IEnumerable<string> NamesIn(FieldScope place) => All
        .Where(f => (f.UsableIn & place) != 0)
        .SelectMany(f => f.Members is { } members ? members.Select(m => f.Prefix + m) : [f.Name]);

    private static bool IsOther(string member, IReadOnlyList<string> members) =>
        members.Contains("other.<name>") && member.StartsWith("other.", StringComparison.Ordinal) && member.Length > 6;
}
