using Npgsql;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>Identities as columns, sorted by id: whoever locks several identities does so in this order.</summary>
internal sealed class IdentityRows
{
    private readonly string[] namespaces;
    private readonly string[] values;
    private readonly bool[] persons;

    public IdentityRows(IReadOnlyDictionary<IdentityId, Identity> identities)
    {
        var sorted = identities.OrderBy(pair => pair.Key).ToList();
        Ids = [.. sorted.Select(pair => pair.Key.Value)];
        namespaces = [.. sorted.Select(pair => pair.Value.Namespace)];
        values = [.. sorted.Select(pair => pair.Value.Value)];
        persons = [.. sorted.Select(pair => pair.Value.IsPerson)];
    }

    public Guid[] Ids { get; }

    /// <summary>Puts the identities that are missing; with <paramref name="mark"/> those that are there are marked as changed.</summary>
    public NpgsqlBatchCommand Put(bool mark) =>
        ListStatements.Command(mark ? ListStatements.PutAndMark : ListStatements.Put, Ids, namespaces, values, persons);
}

/// <summary>What <see cref="ListImport"/> says to PostgreSQL.</summary>
internal static class ListStatements
{
    public const string Stage = """
        update audience set staged_version = greatest(staged_version, list_version) + 1, staged_at = $2
        where id = $1 and kind = 'list' and status <> 'archived'
        returning staged_version
        """;

    public const string StillStaged = "update audience set staged_at = $3 where id = $1 and staged_version = $2 and status <> 'archived'";

    public const string GiveUp = "update audience set staged_version = staged_version + 1, staged_at = null where id = $1 and staged_version = $2 and list_version <> $2";

    public const string LockCurrent = "select list_version from audience where id = $1 and kind = 'list' and status <> 'archived' for update";

    public const string Resize = "update audience set size = size + $2 where id = $1";

    private const string Insert = """
        insert into identity (identity_id, namespace, value, person, profile_id, own_profile)
        select id, namespace, value, person, id, id
        from unnest($1, $2, $3, $4) as given (id, namespace, value, person)
        order by id
        on conflict (identity_id) do
        """;

    /// <summary>For a list that takes effect by an epoch step: nobody's mark moves.</summary>
    public const string Put = Insert + " nothing";

    public const string PutAndMark = Insert + " update set mark = identity.mark + 1, closed_mark = identity.closed_mark + 1, dirty = true";

    /// <summary>For entries that go: an identity that is not there has none.</summary>
    public const string Mark = """
        with locked as materialized (
            select identity_id from identity
            where identity_id = any($1)
            order by identity_id for update)
        update identity set mark = mark + 1, closed_mark = closed_mark + 1, dirty = true
        from locked where identity.identity_id = locked.identity_id
        """;

    public const string InsertEntries = """
        insert into list_entry (identity_id, audience_id, version, added_at)
        select id, $2, $3, $4 from unnest($1) as given (id)
        order by id
        on conflict do nothing
        """;

    public const string DeleteEntries = "delete from list_entry where identity_id = any($1) and audience_id = $2 and version = $3";

    public static NpgsqlBatchCommand Command(string statement, params object[] parameters)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return command;
    }
}
