using System.Text.Json;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>
/// What stands in a rule's <c>extension_attributes</c>: reward points, and gifts under whatever name a version or extension gives them,
/// there or among the rule's own members.
/// </summary>
internal sealed class RuleExtensions
{
    /// <param name="gives">Whether the rule gives gifts; those of another are left out like whatever else has no counterpart.</param>
    public RuleExtensions(MemberReader rule, List<ImportNote> notes, bool gives)
    {
        var json = rule.Raw("extension_attributes") ?? default;
        if (json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object) && !AdobeValue.IsNothing(json))
            rule.Note("extension_attributes", "rule.notCarried", "extension_attributes is an object; this is left out.");
        var extension = new MemberReader(json, rule.Path.Member("extension_attributes"), notes);
        RewardPoints = extension.Whole("reward_points_delta") ?? rule.Whole("reward_points_delta");
        foreach (var members in gives ? new[] { extension, rule } : [])
        {
            foreach (var name in members.Others().Where(name => name.Contains("gift", StringComparison.OrdinalIgnoreCase)).ToList())
                Gift(members, name);
        }

        foreach (var name in extension.Others())
            extension.Note(name, "rule.notCarried", $"The extension attribute {ConditionJson.Shorten(name)} has no counterpart and is left out.");
        if (extension.HasFailed)
            rule.Refuse("extension_attributes", "value.invalid", "A value in here cannot be read.");
    }

    public int? RewardPoints { get; }
    public IReadOnlyList<string> GiftSkus { get; private set; } = [];
    public decimal? GiftQty { get; private set; }

    private void Gift(MemberReader members, string name)
    {
        if (name.Contains("sku", StringComparison.OrdinalIgnoreCase) && GiftSkus.Count == 0)
        {
            GiftSkus = AdobeValue.Texts(members.Raw(name));
        }
        else if (name.Contains("qty", StringComparison.OrdinalIgnoreCase) || name.Contains("quantity", StringComparison.OrdinalIgnoreCase))
        {
            GiftQty ??= members.Number(name);
        }
    }
}

/// <summary>A rule's <c>store_labels</c>.</summary>
internal sealed class RuleLabels
{
    public RuleLabels(MemberReader rule)
    {
        var given = rule.Raw("store_labels");
        if (AdobeValue.IsNothing(given))
            return;
        if (AdobeValue.Elements(given) is not { } labels)
        {
            LeaveOut(rule, "Labels are a list of objects with store_id and store_label");
            return;
        }

        var byView = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in labels)
        {
            var text = AdobeValue.Member(label, "store_label");
            if (label.ValueKind == JsonValueKind.Object ? text is { ValueKind: JsonValueKind.Array or JsonValueKind.Object } : !AdobeValue.IsNothing(label))
                LeaveOut(rule, "A label is an object with store_id and store_label");
            else if (AdobeValue.Text(text) is { } said && !string.IsNullOrWhiteSpace(said) && !Add(byView, AdobeValue.Text(AdobeValue.Member(label, "store_id")) ?? "", said))
                LeaveOut(rule, "A store view has one label, and its first one is taken");
        }

        if (byView.Count == 0)
            return;
        ByStoreView = byView;
        rule.Note(
            "store_labels", "rule.storeViews",
            $"Labels of single store views are kept under their numbers ({string.Join(", ", byView.Keys.Take(10))}); decisions name store views by the same.");
    }

    public string? Default { get; private set; }
    public IReadOnlyDictionary<string, string>? ByStoreView { get; }

    private bool Add(Dictionary<string, string> byView, string store, string text)
    {
        if (store is not ("" or "0"))
            return byView.TryAdd(store, text) || byView[store] == text;
        Default ??= text;
        return Default == text;
    }

    private static void LeaveOut(MemberReader rule, string why) => rule.Note("store_labels", "rule.notCarried", why + "; another is left out.");
}
