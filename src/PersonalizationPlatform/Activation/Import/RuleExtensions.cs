using System.Text.Json;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>
/// What stands in a rule's <c>extension_attributes</c>: reward points, and gifts under whatever name a version or extension gives them,
/// there or among the rule's own members.
/// </summary>
internal sealed class RuleExtensions
{
    public RuleExtensions(MemberReader rule, List<ImportNote> notes)
    {
        var json = rule.Raw("extension_attributes") ?? default;
        var extension = new MemberReader(json, rule.Path.Member("extension_attributes"), notes);
        RewardPoints = extension.Whole("reward_points_delta") ?? rule.Whole("reward_points_delta");
        foreach (var members in new[] { extension, rule })
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
        if (rule.Raw("store_labels") is not { ValueKind: JsonValueKind.Array } labels)
            return;
        var byView = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in labels.EnumerateArray())
        {
            var store = AdobeValue.Text(AdobeValue.Member(label, "store_id"));
            var text = AdobeValue.Text(AdobeValue.Member(label, "store_label"));
            if (string.IsNullOrWhiteSpace(text))
                continue;
            if (store is null or "" or "0")
                Default = text;
            else
                byView[store] = text;
        }

        if (byView.Count == 0)
            return;
        ByStoreView = byView;
        rule.Note(
            "store_labels", "rule.storeViews",
            $"Labels of single store views are kept under their numbers ({string.Join(", ", byView.Keys.Take(10))}); decisions name store views by the same.");
    }

    public string? Default { get; }
    public IReadOnlyDictionary<string, string>? ByStoreView { get; }
}
