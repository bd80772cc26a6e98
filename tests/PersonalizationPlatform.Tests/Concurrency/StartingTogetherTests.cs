using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>Nodes that bring an empty database up to date, at once or one after the other.</summary>
public sealed class StartingTogetherTests(PlatformServer server) : IAsyncLifetime
{
    private static readonly string[] Tables =
    [
        "api_key", "attribute", "audience", "epoch", "event", "feed", "identity", "identity_kind", "list_entry", "membership", "membership_log",
        "order_key", "order_part", "person_link", "platform_secret", "profile", "refused_event", "segment", "sign_in", "untimed_event",
    ];

    private readonly List<Node> nodes = [];
    private string database = "";

    public async ValueTask InitializeAsync() => database = await server.CreateEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        await server.DropAsync(database);
    }

    [Fact]
    public async Task Nodes_that_start_at_once_on_an_empty_database_make_one_schema()
    {
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync()));
        var made = await nodes[0].ValueAsync<string[]>(
            "select array_agg(relname::text) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')");
        Assert.Empty(Tables.Except(made));
        Assert.Equal(2, await nodes[0].ValueAsync<long>("select count(*) from api_key where name like 'First%'"));
        foreach (var (node, n) in nodes.Select((node, n) => (node, n)))
            Assert.Equal((1, 0), await node.BrowseAsync(Traffic.Event($"node-{n}", Traffic.View, null, "ECID:together")));
        Assert.Equal(3, await nodes[0].ValueAsync<long>("select count from identity_kind where identity_id = $1", nodes[1].IdOf("ECID:together")));
    }

    [Fact]
    public async Task A_later_start_changes_nothing()
    {
        await StartAsync();
        var before = await SchemaAsync();
        await StartAsync();
        Assert.Equal(before, await SchemaAsync());
    }

    private Task<string> SchemaAsync() => nodes[0].ValueAsync<string>(
        """
        select concat(
            (select string_agg("MigrationId", ',' order by "MigrationId") from "__EFMigrationsHistory"),
            (select string_agg(table_name || '.' || column_name || ' ' || data_type, ',' order by table_name, ordinal_position)
             from information_schema.columns where table_schema = 'public'),
            (select string_agg(indexdef, ',' order by indexname) from pg_indexes where schemaname = 'public'),
            (select string_agg(name || encode(value, 'hex'), ',' order by name) from platform_secret),
            (select string_agg(id || prefix, ',' order by id) from api_key where name like 'First%'))
        """);

    private async Task StartAsync()
    {
        var node = new Node(server, database);
        lock (nodes)
            nodes.Add(node);
        await node.InitializeAsync();
    }

    private sealed class Node(PlatformServer server, string database) : PlatformHost(server)
    {
        protected override Task<string> TakeDatabaseAsync() => Task.FromResult(database);

        protected override Task GiveBackDatabaseAsync(string database) => Task.CompletedTask;
    }
}
