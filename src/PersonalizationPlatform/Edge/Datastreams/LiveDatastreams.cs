using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Edge.Datastreams;

/// <summary>A datastream as requests need it. Immutable.</summary>
/// <param name="Website">Null = the default one.</param>
public sealed record LiveDatastream(
    string Id, string? Website, Organization? Organization, IReadOnlyList<string> AllowedOrigins, DefaultConsent DefaultConsent, string? FirstPartyIdCookie);

/// <summary>
/// The datastreams in memory. A change elsewhere holds here within a second, one of our own at once; while the database does not answer, the
/// last known ones stand: who may call has not changed because it is away.
/// </summary>
public sealed partial class LiveDatastreams
{
    /// <summary>How old the copy in memory may be.</summary>
    public static readonly TimeSpan Staleness = TimeSpan.FromSeconds(1);

    private const int MaxTold = 100;
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource database;
    private readonly EdgeOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<LiveDatastreams> logger;
    private readonly ConcurrentDictionary<string, long> told = new(StringComparer.Ordinal);
    private readonly SharedCopy<Known> copy;

    public LiveDatastreams(NpgsqlDataSource database, IOptions<EdgeOptions> options, TimeProvider time, ILogger<LiveDatastreams> logger)
    {
        (this.database, this.options, this.time, this.logger) = (database, options.Value, time, logger);
        copy = new(QueryAsync, Staleness, TimeSpan.MaxValue, time);
    }

    /// <summary>
    /// The datastream of a config id. For one that nobody has described, one of the default website, because a refusal would silence the
    /// page; in strict mode 400 <c>datastream.unknown</c>.
    /// </summary>
    public async ValueTask<LiveDatastream> FindAsync(string? configId, CancellationToken cancellationToken)
    {
        var datastreams = await copy.GetAsync(cancellationToken);
        if (configId is not null && datastreams.ById.TryGetValue(configId, out var known))
            return known;
        TellUnknown(configId);
        return options.Strict
            ? throw new ProblemException(400, "datastream.unknown", "configId names no datastream; create it at /v1/datastreams.")
            : new(configId ?? "", null, datastreams.Organization, [], DefaultConsent.In, null);
    }

    /// <summary>The datastream with exactly this config id; null when nobody has described one.</summary>
    public async ValueTask<LiveDatastream?> FindKnownAsync(string configId, CancellationToken cancellationToken) =>
        (await copy.GetAsync(cancellationToken)).ById.GetValueOrDefault(configId);

    /// <summary>Forgets the copy: a datastream was edited here.</summary>
    public void Forget() => copy.Forget();

    /// <summary>
    /// A page got an answer without cookies, because nothing says what organisation it is set up with. It will not send any event, and
    /// will not say so either.
    /// </summary>
    public void TellNoOrganization(string? configId)
    {
        if (IsToBeTold("organization", configId, out var name))
            LogNoOrganization(name);
    }

    private async Task<Known> QueryAsync(CancellationToken cancellationToken)
    {
        const string all = "select id, website, organization, allowed_origins, default_consent, first_party_id_cookie from datastream";
        var rows = new List<LiveDatastream>();
        await using var command = database.CreateCommand(all);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new(
                reader.GetString(0), Text(reader, 1), Organization.Of(Text(reader, 2)), reader.GetFieldValue<string[]>(3), DatastreamTable.Consent(reader.GetString(4)), Text(reader, 5)));
        }

        // A shop has one organisation: the one it says, else the one that all who name any agree upon.
        var named = rows.Select(row => row.Organization).OfType<Organization>().Distinct().Take(2).ToList();
        var others = Organization.Of(options.Organization) ?? (named.Count == 1 ? named[0] : null);
        return new(rows.ToDictionary(row => row.Id, row => row with { Organization = row.Organization ?? others }, StringComparer.Ordinal), others);
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private void TellUnknown(string? configId)
    {
        if (!IsToBeTold("unknown", configId, out var name))
            return;
        if (options.Strict)
            LogRefused(name);
        else
            LogUnknown(name);
    }

    /// <summary>Loudly, but once a minute for each: the mistake is the shop's, and it is on every page.</summary>
    private bool IsToBeTold(string mistake, string? configId, out string name)
    {
        name = configId is null ? "(none)" : DatastreamId.IsValid(configId) ? configId : "(unusable)";
        if (told.Count >= MaxTold && !told.ContainsKey(mistake + name))
            name = "(others)";
        var now = time.GetTimestamp();
        return told.TryAdd(mistake + name, now)
            || (told.TryGetValue(mistake + name, out var last) && time.GetElapsedTime(last, now) >= TellAgainAfter && told.TryUpdate(mistake + name, now, last));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Pages with config id {ConfigId} get no cookies and therefore send no events: neither they nor their datastream name an organisation. Give it one at /v1/datastreams, or set Edge:Organization")]
    private partial void LogNoOrganization(string configId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Requests come with config id {ConfigId}, which names no datastream; they are taken for the default website. Create it at /v1/datastreams")]
    private partial void LogUnknown(string configId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Requests come with config id {ConfigId}, which names no datastream; they are refused (Edge:Strict). Create it at /v1/datastreams")]
    private partial void LogRefused(string configId);

    /// <param name="ById">By config id.</param>
    /// <param name="Organization">That of whoever names none.</param>
    private sealed record Known(Dictionary<string, LiveDatastream> ById, Organization? Organization);
}

/// <summary>What a config id may be: Adobe's are UUIDs, perhaps with <c>:dev</c> or <c>:stage</c>.</summary>
internal static class DatastreamId
{
    public const int MaxLength = 128;

    public static bool IsValid(string text) =>
        text.Length is >= 1 and <= MaxLength && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':');
}
