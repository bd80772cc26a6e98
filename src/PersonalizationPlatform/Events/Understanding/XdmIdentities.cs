using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>
/// Whom an event names, its own identity first: the primary entry of identityMap, else the first by namespace priority, else
/// <c>personID</c> as ECID. Never "the current profile", so that a retry resolves the same way.
/// </summary>
internal static class XdmIdentities
{
    /// <summary>Adobe's documented bound of one identity graph.</summary>
    private const int Most = 50;

    /// <param name="xdm">The event.</param>
    /// <param name="isRecord">Whether it is a profile record.</param>
    /// <param name="known">What the door knows beside it: after everything the event says itself, one for each namespace it does not name.</param>
    public static IReadOnlyList<Identity> Read(XdmNode xdm, bool isRecord, IReadOnlyList<Identity> known)
    {
        var found = new List<Identity>();
        var entries = Entries(xdm["identityMap"])
            .OrderByDescending(entry => entry.Primary)
            .ThenBy(entry => IdentityNamespace.Priority(entry.Identity.Namespace));
        foreach (var (identity, _) in entries)
            Add(found, identity);
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
        foreach (var identity in known)
        {
            if (!found.Exists(named => named.Namespace == identity.Namespace))
                Add(found, identity);
        }

        return found;
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
