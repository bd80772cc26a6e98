using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Edge.Datastreams;

/// <summary>A datastream as requests need it. Immutable.</summary>
/// <param name="Website">Null = the default one.</param>
public sealed record LiveDatastream(
    string Id, string? Website, Organization? Organization, IReadOnlyList<string> AllowedOrigins, DefaultConsent DefaultConsent, string? FirstPartyIdCookie);

/// <summary>
/// The datastreams in memory: read whole and at most once a second, so that neither good config ids nor guessed ones cost a query each.
/// A change elsewhere holds here within that second, one of our own at once.
/// </summary>
public sealed partial class LiveDatastreams(IServiceScopeFactory scopes, IOptions<EdgeOptions> options, TimeProvider time, ILogger<LiveDatastreams> logger) : IDisposable
{
    /// <summary>How old the copy in memory may be.</summary>
    public static readonly TimeSpan Staleness = TimeSpan.FromSeconds(1);

    private const int MaxTold = 100;
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim reading = new(1);
    private readonly ConcurrentDictionary<string, long> told = new(StringComparer.Ordinal);
    private volatile Copy? copy;
    private int generation;

    /// <summary>
    /// The datastream of a config id. For one that nobody has described, one of the default website, because a refusal would silence the
    /// page; in strict mode 400 <c>datastream.unknown</c>.
    /// </summary>
    public async ValueTask<LiveDatastream> FindAsync(string? configId, CancellationToken cancellationToken)
    {
        var datastreams = Current() ?? await ReadAsync(cancellationToken);
        if (configId is not null && datastreams.ById.TryGetValue(configId, out var known))
            return known;
        TellUnknown(configId);
        return options.Value.Strict
            ? throw new ProblemException(400, "datastream.unknown", "configId names no datastream; create it at /v1/datastreams.")
            : new(configId ?? "", null, Organization.Of(options.Value.Organization), [], DefaultConsent.In, null);
    }

    /// <summary>The datastream with exactly this config id; null when nobody has described one.</summary>
    public async ValueTask<LiveDatastream?> FindKnownAsync(string configId, CancellationToken cancellationToken) =>
        (Current() ?? await ReadAsync(cancellationToken)).ById.GetValueOrDefault(configId);

    /// <summary>Forgets the copy: a datastream was edited here.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref generation);
        copy = null;
    }

    public void Dispose() => reading.Dispose();

    private Copy? Current() => copy is { } current && time.GetElapsedTime(current.ReadAt) < Staleness ? current : null;

    private async Task<Copy> ReadAsync(CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (Current() is { } current)
                return current;
            var seen = Volatile.Read(ref generation);
            var before = copy;
            Copy read;
            try
            {
                read = await QueryAsync(cancellationToken);
            }
            catch (Exception e) when (before is not null && e is not OperationCanceledException)
            {
                // Whoever needs the database is told so by the database; who may call has not changed because it is away.
                return before;
            }

            if (seen == Volatile.Read(ref generation))
                copy = read;
            return read;
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task<Copy> QueryAsync(CancellationToken cancellationToken)
    {
        var readAt = time.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<PlatformDb>().Set<Datastream>().AsNoTracking().ToListAsync(cancellationToken);
        return new(rows.ToDictionary(row => row.Id, Live, StringComparer.Ordinal), readAt);
    }

    private LiveDatastream Live(Datastream row) => new(
        row.Id, row.Website, Organization.Of(row.Organization) ?? Organization.Of(options.Value.Organization), row.AllowedOrigins, row.DefaultConsent, row.FirstPartyIdCookie);

    /// <summary>Loudly, but once a minute for each: the mistake is the shop's, and it is on every page.</summary>
    private void TellUnknown(string? configId)
    {
        var name = configId is null ? "(none)" : DatastreamId.IsValid(configId) ? configId : "(unusable)";
        if (told.Count >= MaxTold && !told.ContainsKey(name))
            name = "(others)";
        var now = time.GetTimestamp();
        var fresh = told.TryAdd(name, now);
        if (!fresh && (!told.TryGetValue(name, out var last) || time.GetElapsedTime(last, now) < TellAgainAfter || !told.TryUpdate(name, now, last)))
            return;
        if (options.Value.Strict)
            LogRefused(name);
        else
            LogUnknown(name);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Requests come with config id {ConfigId}, which names no datastream; they are taken for the default website. Create it at /v1/datastreams")]
    private partial void LogUnknown(string configId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Requests come with config id {ConfigId}, which names no datastream; they are refused (Edge:Strict). Create it at /v1/datastreams")]
    private partial void LogRefused(string configId);

    private sealed record Copy(Dictionary<string, LiveDatastream> ById, long ReadAt);
}

/// <summary>What a config id may be: Adobe's are UUIDs, perhaps with <c>:dev</c> or <c>:stage</c>.</summary>
internal static class DatastreamId
{
    public const int MaxLength = 128;

    public static bool IsValid(string text) =>
        text.Length is >= 1 and <= MaxLength && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':');
}
