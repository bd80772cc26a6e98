using Npgsql;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>Reads profile rows where they are part of a larger result.</summary>
internal static class StoredProfileRow
{
    /// <summary>From <paramref name="at"/> on: settle_no, epoch, settled_at, valid_until, seen_ids, seen_marks, seen_latest, deadline_ids, deadline_at, erased.</summary>
    internal static StoredProfile Read(NpgsqlDataReader reader, int at) => new(
        reader.GetInt64(at), reader.GetInt64(at + 1), reader.GetFieldValue<DateTimeOffset>(at + 2), reader.GetFieldValue<DateTimeOffset>(at + 3),
        reader.GetFieldValue<Guid[]>(at + 4), reader.GetFieldValue<long[]>(at + 5), reader.GetFieldValue<bool[]>(at + 6), reader.GetFieldValue<Guid[]>(at + 7),
        reader.GetFieldValue<DateTimeOffset[]>(at + 8), reader.GetBoolean(at + 9));
}

/// <summary>Reads order parts.</summary>
internal static class OrderPartRow
{
    /// <summary>From <paramref name="at"/> on: counts_at, key, identity_id, has_identity, back_office, kind, website, store_view, content, items.</summary>
    internal static OrderPart Read(NpgsqlDataReader reader, int at) => new(
        new EventKey(reader.GetGuid(at + 1)), reader.GetFieldValue<DateTimeOffset>(at), new IdentityId(reader.GetGuid(at + 2)), reader.GetBoolean(at + 3),
        reader.GetBoolean(at + 4), reader.GetString(at + 5), EventContentJson.ReadOrder(reader.GetString(at + 8)),
        EventContentJson.ReadItems(reader.GetString(at + 9)), reader.IsDBNull(at + 6) ? null : reader.GetString(at + 6),
        reader.IsDBNull(at + 7) ? null : reader.GetString(at + 7));
}
