using System.Text.Json;
using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>
/// What a trusted identify or group call asserts of a person: well-known traits under the platform's own names, every other one as a
/// custom attribute, a group as the attributes of the person's <c>company</c>.
/// </summary>
internal static class SegmentTraits
{
    private static readonly HashSet<string> AddressBooks = new(StringComparer.Ordinal) { "addresses", "billingAddress", "shippingAddress" };

    public static void Write(Utf8JsonWriter json, SegmentMessage message)
    {
        if (message.Call == SegmentMessage.Group)
            WriteGroup(json, message);
        else
            WritePerson(json, message);
    }

    private static void WritePerson(Utf8JsonWriter json, SegmentMessage message)
    {
        var traits = new Dictionary<string, XdmNode>(StringComparer.Ordinal);
        foreach (var (name, value) in message.Traits().SelectMany(traits => traits.Members()))
            traits.TryAdd(name, value);
        foreach (var (name, value) in traits)
        {
            // What is no address must not become somebody's identity.
            if (name == "email" && value.Exists && !SegmentIdentities.IsEmail(value.AsText()?.Trim()))
                continue;
            if (XdmProfile.IsWellKnown(name) || AddressBooks.Contains(name))
                WriteAsIs(json, name, value);
            else if (name == "birthday")
                WriteAsIs(json, "birthDate", value);
            else if (name == "address" && value.IsObject)
                WriteAddress(json, value);
        }

        json.WriteStartObject("profileAttributes");
        foreach (var (name, value) in traits)
        {
            if (!XdmProfile.IsWellKnown(name) && !AddressBooks.Contains(name) && name != "birthday" && !(name == "address" && value.IsObject))
                json.WriteNode(name, value);
        }

        json.WriteEndObject();
    }

    /// <summary>The one address there is; an address book is a list.</summary>
    private static void WriteAddress(Utf8JsonWriter json, XdmNode address)
    {
        json.WriteStartArray("addresses");
        address.Element.WriteTo(json);
        json.WriteEndArray();
    }

    private static void WriteGroup(Utf8JsonWriter json, SegmentMessage message)
    {
        json.WriteStartObject("profileAttributes");
        json.WriteStartObject("company");
        json.WriteNode("id", message.Root["groupId"]);
        foreach (var (name, value) in message.Root["traits"].Members())
        {
            if (name != "id")
                json.WriteNode(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A null is said too: it takes a well-known attribute away.</summary>
    private static void WriteAsIs(Utf8JsonWriter json, string name, XdmNode value)
    {
        json.WritePropertyName(name);
        value.Element.WriteTo(json);
    }
}
