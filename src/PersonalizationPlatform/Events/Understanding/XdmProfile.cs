using System.Text.Json;
using System.Text.Json.Serialization;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>
/// The attributes a profile record or a back-office account event asserts: the well-known ones under their own names, everything
/// else under <c>attributes.&lt;name&gt;</c>. An explicit null takes a well-known attribute away.
/// </summary>
internal static class XdmProfile
{
    private enum Form
    {
        Text,
        Number,
        Truth,
        Date,
        Instant,
    }

    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Well-known members wherever they stand: XDM's names and those of the shop's own customer object.</summary>
    private static readonly Dictionary<string, (string Name, Form Form)> WellKnown = Table(
        ("firstName", Form.Text, ["person.name.firstName", "person.firstName", "firstName", "firstname", "first_name"]),
        ("lastName", Form.Text, ["person.name.lastName", "person.lastName", "lastName", "lastname", "last_name"]),
        ("email", Form.Text, ["personalEmail.address", "person.personalEmailID", "email"]),
        ("birthDate", Form.Date, ["person.birthDate", "birthDate", "birthdate", "dob", "dateOfBirth"]),
        ("gender", Form.Text, ["person.gender", "gender"]),
        ("group", Form.Text, ["group", "group_id", "groupId", "customerGroup", "customer_group", "customerGroupId"]),
        ("phone", Form.Text, ["mobilePhone.number", "homePhone.number", "phone", "telephone", "phoneNumber"]),
        ("customerSince", Form.Instant, ["userAccount.startDate", "customerSince", "created_at", "createdAt"]),
        ("newsletter", Form.Truth, ["newsletter", "is_subscribed", "isSubscribed", "newsletterSubscribed"]),
        ("storeCredit", Form.Number, ["store_credit", "storeCredit"]),
        ("rewardPoints", Form.Number, ["reward_points", "rewardPoints", "loyalty.points"]));

    /// <summary>Members that say something else than an attribute of the person.</summary>
    private static readonly HashSet<string> Structure = new(StringComparer.Ordinal)
    {
        "_id", "_repo", "_metadata", "id", "entity_id", "eventType", "timestamp", "identityMap", "personID", "channel", "commerce", "consents",
        "implementationDetails", "device", "environment", "placeContext", "web", "userAccount", "productListItems", "siteSearch", "meta", "query",
        "updated_at", "updatedAt", "modifiedDate", "customerId", "customerID", "accountId", "accountID", "billingAddress", "shippingAddress",
        "billingAddressPhone", "shippingAddressPhone", "addresses", "profileAttributes",
    };

    /// <summary>Whether a member of this name, at the top of a record, says something else than a custom attribute.</summary>
    public static bool IsWellKnown(string name) => WellKnown.ContainsKey(name);

    public static IReadOnlyList<AttributeAssertion> Read(XdmNode xdm)
    {
        var asserted = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (path, known) in WellKnown)
            AddKnown(asserted, known, Descend(xdm, path));
        AddAddresses(asserted, xdm);
        foreach (var (name, value) in xdm.Members())
            if (!Structure.Contains(name) && !WellKnown.ContainsKey(name))
                AddOther(asserted, name, value);
        foreach (var (name, value) in xdm["profileAttributes"].Members())
            AddOther(asserted, name, value);
        return [.. asserted.Select(attribute => new AttributeAssertion(attribute.Key, attribute.Value))];
    }

    private static void AddKnown(Dictionary<string, JsonElement> asserted, (string Name, Form Form) known, XdmNode value)
    {
        if (value.Element.ValueKind == JsonValueKind.Null)
            asserted.TryAdd(known.Name, value.Element.Clone());
        else if (Formed(known.Form, value) is { } element)
            asserted[known.Name] = asserted.TryGetValue(known.Name, out var earlier) && earlier.ValueKind != JsonValueKind.Null ? earlier : element;
    }

    private static JsonElement? Formed(Form form, XdmNode value)
    {
        if (value.AsText()?.Trim() is not { } text)
            return null;
        return form switch
        {
            Form.Text => Json(text),
            Form.Truth => XdmNode.AsTruth(text) is { } truth ? Json(truth) : null,
            Form.Number => value.AsAmount() is { } number ? Json(number) : null,
            // A birth date is the day as written, whatever time and offset follow it.
            Form.Date => WireTime.TryReadLenient(text, out _) ? Json(text[..10]) : null,
            _ => WireTime.TryReadLenient(text, out var instant) ? Json(instant) : null,
        };
    }

    /// <summary>Anything else: scalars by dotted path, lists of scalars as lists.</summary>
    private static void AddOther(Dictionary<string, JsonElement> asserted, string path, XdmNode value)
    {
        if (WellKnown.ContainsKey(path))
            return;
        if (value.IsScalar || (value.Element.ValueKind == JsonValueKind.Array && value.Element.EnumerateArray().All(e => e.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))))
            asserted.TryAdd("attributes." + path, value.Element.Clone());
        foreach (var (name, below) in value.Members())
            AddOther(asserted, $"{path}.{name}", below);
    }

    private static void AddAddresses(Dictionary<string, JsonElement> asserted, XdmNode xdm)
    {
        var all = xdm["addresses"].Each().Select(node => XdmAddress.Read(node)).OfType<Address>().ToList();
        foreach (var role in (ReadOnlySpan<string>)["billing", "shipping"])
        {
            var member = xdm[role + "Address"];
            var address = XdmAddress.Read(member, xdm[role + "AddressPhone"].Text("number"))
                ?? all.Find(a => a.Roles.Contains("default_" + role) || a.Roles.Contains(role));
            if (address is not null)
                asserted.TryAdd(role + "Address", Json(address));
            else if (member.Element.ValueKind == JsonValueKind.Null)
                asserted.TryAdd(role + "Address", member.Element.Clone());
        }

        if (xdm["addresses"].Element.ValueKind == JsonValueKind.Array)
            asserted.TryAdd("addresses", Json(all));
    }

    private static XdmNode Descend(XdmNode node, string path)
    {
        foreach (var name in path.Split('.'))
            node = node[name];
        return node;
    }

    private static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value, Camel);

    private static Dictionary<string, (string, Form)> Table(params ReadOnlySpan<(string Name, Form Form, string[] Paths)> rows)
    {
        var table = new Dictionary<string, (string, Form)>(StringComparer.Ordinal);
        foreach (var (name, form, paths) in rows)
            foreach (var path in paths)
                table.Add(path, (name, form));
        return table;
    }
}
