namespace PersonalizationPlatform.Events.Understanding;

/// <summary>Explicit choices in the XDM consents object; defaults, pending and legal-basis values assert nothing.</summary>
internal static class XdmConsents
{
    private const string ContentPersonalisation = ".content";

    public static IReadOnlyList<ConsentAssertion> Read(XdmNode consents)
    {
        var found = new Dictionary<string, bool>(StringComparer.Ordinal);
        Collect(consents, "", found);
        return [.. found.Select(choice => new ConsentAssertion(choice.Key, choice.Value))];
    }

    private static void Collect(XdmNode node, string purpose, Dictionary<string, bool> found)
    {
        foreach (var (name, value) in node.Members())
        {
            if (name is "metadata" or "idSpecific" or "val" or "time" or "reason" or "preferred")
                continue;
            var path = purpose.Length == 0 ? name : $"{purpose}.{name}";
            if (path.EndsWith(ContentPersonalisation, StringComparison.Ordinal))
                path = path[..^ContentPersonalisation.Length];
            var val = value.IsObject ? value["val"] : value;
            if (IsIn(val.AsText()) is { } chosen)
                found.TryAdd(path, chosen);
            Collect(value, path, found);
        }
    }

    private static bool? IsIn(string? val) => val?.ToLowerInvariant() switch
    {
        "y" or "in" or "yes" or "true" => true,
        "n" or "out" or "no" or "false" => false,
        _ => null,
    };
}
