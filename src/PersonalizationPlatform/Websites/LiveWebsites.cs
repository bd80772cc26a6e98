using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Websites;

/// <summary>This node's copy of the websites and customer groups; read again as soon as somebody has seen a newer publication.</summary>
public sealed class LiveWebsites : IDisposable
{
    private const string Select = """
        select code, number, name, currency, time_zone, store_views, cart_rules, related_products from website order by number;
        select number, code from customer_group order by number;
        """;

    private readonly EpochCopy<WebsiteSet> copy;
    private readonly NpgsqlDataSource database;
    private readonly WebsiteOptions fallback;

    public LiveWebsites(NpgsqlDataSource database, IOptions<WebsiteOptions> fallback)
    {
        this.database = database;
        this.fallback = fallback.Value;
        copy = new(database, "publications", (_, connection, _, cancellationToken) => ReadAsync(connection, cancellationToken));
    }

    /// <summary>The websites as of <paramref name="publication"/> or later.</summary>
    public ValueTask<WebsiteSet> AtAsync(long publication, CancellationToken cancellationToken) => copy.AtAsync(publication, cancellationToken);

    /// <summary>The websites as of now, whichever node changed them last.</summary>
    public async ValueTask<WebsiteSet> CurrentAsync(CancellationToken cancellationToken)
    {
        var (_, publication) = await DefinitionEpoch.CurrentPublicationAsync(database, cancellationToken);
        return await AtAsync(publication, cancellationToken);
    }

    /// <summary>The websites as the caller's transaction sees them: part of whatever else is read in it.</summary>
    public async Task<WebsiteSet> ReadAsync(NpgsqlConnection inSnapshot, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Select, inSnapshot);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var websites = new List<Website>();
        while (await row.ReadAsync(cancellationToken))
        {
            var code = row.GetString(0);
            websites.Add(new(
                code, row.GetInt32(1), row.GetString(2), row.IsDBNull(3) ? fallback.Of(code) : row.GetString(3), Zone(row.IsDBNull(4) ? null : row.GetString(4)),
                WebsiteJson.Read<CartRuleSettings>(row.GetString(6)), WebsiteJson.Read<RelatedProductSettings>(row.GetString(7)))
            {
                StoreViews = WebsiteJson.Read<List<StoreView>>(row.GetString(5)),
            });
        }

        await row.NextResultAsync(cancellationToken);
        var groups = new List<CustomerGroup>();
        while (await row.ReadAsync(cancellationToken))
            groups.Add(new(row.GetInt32(0), row.GetString(1)));
        return new(websites, groups, fallback);
    }

    public void Dispose() => copy.Dispose();

    /// <summary>UTC where the machine does not know the zone; it was known where it was written.</summary>
    private static TimeZoneInfo Zone(string? id) => id is not null && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;
}

/// <summary>How settings are kept.</summary>
internal static class WebsiteJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static T Read<T>(string stored) => JsonSerializer.Deserialize<T>(stored, Options)!;

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);
}
