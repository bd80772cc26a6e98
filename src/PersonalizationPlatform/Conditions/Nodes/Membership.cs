using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>What being in a segment and being in an audience have in common.</summary>
internal static class Membership
{
    public static Verdict External(Func<string, Verdict> verdicts, string? external) => external is null ? Verdict.False : verdicts(external);

    /// <summary>The external id where cart rules name one; in every other place it is no member of the node.</summary>
    public static string? ReadExternal(NodeReader node, string other)
    {
        if ((node.Place & FieldScope.Cart) == 0 || node.Text("external") is not { } external)
            return null;
        if (node.Has(other))
            node.Fail("external", "condition.contradictory", $"Either {other} or external is given, not both.");
        node.Raw(other);
        return external;
    }

    public static Dictionary<string, object?> Evidence(string name, Guid? id, string? external) =>
        id is { } known ? new() { [name] = known } : new() { ["external"] = external };

    public static void Write(Utf8JsonWriter json, string type, string name, Guid? id, string? external)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        if (id is { } known)
            json.WriteString(name, known);
        else
            json.WriteString("external", external);
        json.WriteEndObject();
    }
}
