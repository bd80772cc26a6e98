using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Events;

namespace PersonalizationPlatform.Tests.Activation.CartRules;

/// <summary>Cases of Adobe Commerce's cart rules: what it asserts itself, and what its semantics say beside that.</summary>
internal static class CartVectors
{
    public const int Count = 86 + 35;

    public static readonly IReadOnlyList<JsonNode> All = [.. Of("cart-rules.json"), .. Of("cart-rules-more.json")];

    private static IEnumerable<JsonNode> Of(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(ContractCase.Root(), "tests", "vectors", file)))!["vectors"]!.AsArray().Select(vector => vector!);
}
