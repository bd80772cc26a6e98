using System.Text;
using Npgsql;

namespace PersonalizationPlatform.Tests.Erasure;

/// <summary>Looks for a text in every column of every table, whatever its type.</summary>
internal static class DatabaseSearch
{
    /// <summary>Where any of the texts stands, as <c>table.column: text</c>; upper and lower case are alike.</summary>
    internal static async Task<IReadOnlyList<string>> FindAsync(NpgsqlDataSource database, params string[] texts)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var columns = new List<(string Table, string Column, string Type)>();
        await using (var list = database.CreateCommand("""
            select c.table_name, c.column_name, c.data_type from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1, 2
            """))
        await using (var reader = await list.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken))
                columns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        Assert.NotEmpty(columns);

        var sql = new StringBuilder();
        foreach (var (table, column, type) in columns)
        {
            // Bytes are shown with everything printable as it is.
            var text = type == "bytea" ? $"encode(\"{column}\", 'escape')" : $"\"{column}\"::text";
            sql.Append(sql.Length == 0 ? "" : " union all ")
                .Append($"select distinct '{table}.{column}: ' || v from \"{table}\", unnest($1) v where position(v in lower({text})) > 0");
        }

        await using var search = database.CreateCommand(sql.ToString());
        search.Parameters.Add(new() { Value = texts.Select(text => text.ToLowerInvariant()).ToArray() });
        await using var found = await search.ExecuteReaderAsync(cancellationToken);
        var places = new List<string>();
        while (await found.ReadAsync(cancellationToken))
            places.Add(found.GetString(0));
        return places;
    }
}
