using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>
/// Whom an event names, its own identity first: the primary entry of identityMap, else the first by namespace priority, else
/// <c>personID</c> as ECID. Never "the current profile", so that a retry resolves the same way.
/// </summary>
public static class XdmIdentities
{
    /// <summary>Adobe's documented bound of one identity graph: so many of an event are taken.</summary>
    public const int Most = 50;

    /// <summary>Whom an event's own bytes name. Nobody, where they cannot be understood and the event will be refused.</summary>
    /// <param name="xdm">The event.</param>
    /// <param name="maxDepth">Objects and arrays inside one another.</param>
    public static IReadOnlyList<Identity> Named(ReadOnlyMemory<byte> xdm, int maxDepth) => Of(xdm, maxDepth, node => Read(node, isRecord: false));

    /// <summary>Whom an identityMap names that stands by itself, the primary ones first.</summary>
    /// <inheritdoc cref="Named"/>
    public static IReadOnlyList<Identity> InMap(ReadOnlyMemory<byte> map, int maxDepth) => Of(map, maxDepth, FromMap);

    /// <param name="xdm">The event.</param>
    /// <param name="isRecord">Whether it is a profile record.</param>
    internal static IReadOnlyList<Identity> Read(XdmNode xdm, bool isRecord)
    {
        var found = FromMap(xdm["identityMap"]);
        Add(found, IdentityNamespace.Ecid, xdm.Text("personID"));
        Add(found, IdentityNamespace.CustomerId, xdm["person"].Text("accountID", "accountId"));
        Add(found, IdentityNamespace.CustomerId, xdm.Text("customerId", "customerID", "accountId", "accountID"));
        // The shop's own customer object has a plain id; where an identityMap speaks, an "id" is the record's.
        if (isRecord && !xdm["identityMap"].IsObject)
            Add(found, IdentityNamespace.CustomerId, xdm.Text("id", "entity_id"));
        Add(found, IdentityNamespace.Email, xdm["personalEmail"].Text("address"));
        Add(found, IdentityNamespace.Email, xdm["person"].Text("personalEmailID"));
        if (isRecord)
            Add(found, IdentityNamespace.Email, xdm.Text("email"));
        return found;
    }

    private static List<Identity> FromMap(XdmNode map)
    {
        var found = new List<Identity>();
        var entries = Entries(map).OrderByDescending(entry => entry.Primary).ThenBy(entry => IdentityNamespace.Priority(entry.Identity.Namespace));
        foreach (var (identity, _) in entries)
            Add(found, identity);
        return found;
    }

    private static IReadOnlyList<Identity> Of(ReadOnlyMemory<byte> json, int maxDepth, Func<XdmNode, IReadOnlyList<Identity>> read)
    {
        if (json.Length == 0 || !WireText.IsUtf8(json.Span))
            return [];
        try
        {
            using var document = JsonDocument.Parse(WireText.Clean(json), new JsonDocumentOptions { MaxDepth = maxDepth });
            return read(new XdmNode(document.RootElement, new XdmProblems()));
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<(Identity Identity, bool Primary)> Entries(XdmNode map)
    {
        foreach (var (ns, entries) in map.Members())
            foreach (var entry in entries.Each())
                if (Identity.TryCreate(ns, entry.AsText() ?? entry.Text("id", "xid"), out var identity))
                    yield return (identity, entry.Truth("primary") == true);
    }

    private static void Add(List<Identity> found, string ns, string? value)
    {
        if (Identity.TryCreate(ns, value, out var identity))
            Add(found, identity);
    }

    private static void Add(List<Identity> found, Identity identity)
    {
        if (found.Count < Most && !found.Exists(known => known.Namespace == identity.Namespace && known.Hashed == identity.Hashed))
            found.Add(identity);
    }
}
