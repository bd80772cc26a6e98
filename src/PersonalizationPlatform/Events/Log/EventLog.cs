using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Log;

/// <summary>
/// Where events become durable. Requests queue here and share commits: two writers each take whatever queued during their last
/// commit, so that one overlaps the other's fsync. Nothing is answered before its commit.
/// </summary>
public sealed partial class EventLog(
    NpgsqlDataSource database, EventPartitions partitions, ProductCatalogue catalogue, IdentityHash hash, IOptions<EventLogOptions> options,
    TimeProvider time, ILogger<EventLog> logger) : IAsyncDisposable
{
    private const int MaxIdentities = 1_000;

    /// <summary>How long a caller waits for his commit. It may still come afterwards: what is sent again is then known.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly EventLogOptions _options = options.Value;
    private readonly Channel<Pending> _queue = Channel.CreateUnbounded<Pending>();
    private readonly Lock _starting = new();
    private Task[]? _writers;
    private long _queuedEvents;
    private long _queuedBytes;

    /// <summary>
    /// Stores events and marks the identities they touch, in one commit. Outcomes come in the order of the events, after the commit.
    /// </summary>
    /// <exception cref="ProblemException">503 <c>storage.busy</c> when too much is queued, <c>storage.unavailable</c> when the database is; both with Retry-After.</exception>
    public async Task<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<CustomerEvent> events, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
            return [];
        try
        {
            return await EnqueueAsync(events, receivedAt, cancellationToken).WaitAsync(LongestWait, time, CancellationToken.None);
        }
        catch (Exception e) when (DatabaseUnavailable.Is(e))
        {
            throw Unavailable();
        }
    }

    /// <summary>Goes on when nobody waits for it any more, and counts as waiting until it has ended: a database that hangs fills the queue and no more.</summary>
    private async Task<IReadOnlyList<AppendOutcome>> EnqueueAsync(IReadOnlyList<CustomerEvent> events, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        var bytes = events.Sum(e => (long)e.Body.Length);
        var waiting = Interlocked.Add(ref _queuedEvents, events.Count);
        var waitingBytes = Interlocked.Add(ref _queuedBytes, bytes);
        try
        {
            if (waiting > _options.MaxQueuedEvents || waitingBytes > _options.MaxQueuedBytes)
                throw new ProblemException(503, "storage.busy", "More events are waiting than can be stored in time; try again shortly.") { RetryAfterSeconds = 1 };
            var pending = new Pending(await PrepareAsync(events, receivedAt, cancellationToken));
            foreach (var at in pending.Events.Select(e => e.OccurredAt).Distinct())
                await partitions.EnsureAsync(at, cancellationToken);
            EnsureWriters();
            if (!_queue.Writer.TryWrite(pending))
                throw Unavailable();
            return await pending.Done.Task;
        }
        finally
        {
            Interlocked.Add(ref _queuedEvents, -events.Count);
            Interlocked.Add(ref _queuedBytes, -bytes);
        }
    }

    /// <summary>Whether a failure may be that of one of several requests, such as waiting too long for somebody's lock, while the others fare well.</summary>
    private static bool MayBeOneRequests(Exception e) =>
        !DatabaseUnavailable.Is(e) || Overtaken.Is(e) || e is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable };

    private static ProblemException Unavailable() =>
        new(503, "storage.unavailable", "The database cannot be reached; nothing of this request is known to be stored. Send it again.") { RetryAfterSeconds = 2 };

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_writers is { } writers)
            await Task.WhenAll(writers);
    }

    private async Task<List<PreparedEvent>> PrepareAsync(IReadOnlyList<CustomerEvent> events, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        var unknown = events.SelectMany(e => e.Content.Items).Where(i => i.Categories.Count == 0 && i.Sku is not null).Select(i => i.Sku!).ToHashSet();
        var categories = unknown.Count == 0 ? null : await catalogue.CategoriesAsync(unknown, cancellationToken);
        var prepared = new List<PreparedEvent>(events.Count);
        foreach (var e in events)
        {
            var content = e.Content;
            if (e.Door != EventDoor.Profiles && content.Website is null)
                content = content with { Website = _options.DefaultWebsite };
            if (categories is { Count: > 0 } && content.Items.Count > 0)
                content = content with
                {
                    Items = [.. content.Items.Select(i => i.Categories.Count == 0 && i.Sku is { } sku && categories.TryGetValue(sku, out var known) ? i with { Categories = known } : i)],
                };
            prepared.Add(PreparedEvent.From(e, content, receivedAt, hash, _options));
        }

        return prepared;
    }

    private void EnsureWriters()
    {
        if (_writers is not null)
            return;
        lock (_starting)
            _writers ??= [.. Enumerable.Range(0, _options.Writers).Select(_ => Task.Run(WriteLoopAsync))];
    }

    private async Task WriteLoopAsync()
    {
        var taken = new List<Pending>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            taken.Clear();
            var count = 0;
            while (count < _options.MaxEventsPerCommit && _queue.Reader.TryRead(out var next))
            {
                taken.Add(next);
                count += next.Events.Count;
            }

            if (taken.Count > 0)
                await StoreTogetherAsync(taken);
        }
    }

    private async Task StoreTogetherAsync(List<Pending> requests)
    {
        try
        {
            await StoreAsync(requests);
        }
        catch (Exception e) when (requests.Count > 1 && MayBeOneRequests(e))
        {
            // One request's trouble must not become its neighbours': each gets a commit, and a failure, of its own.
            foreach (var request in requests)
                await StoreTogetherAsync([request]);
        }
        catch (Exception e)
        {
            // A database that is away is away for all of them; asking for each in turn would keep the last ones waiting for ever.
            LogFailed(logger, e.GetType().Name, (e as PostgresException)?.SqlState ?? "", requests.Sum(r => r.Events.Count));
            foreach (var request in requests)
                request.Done.TrySetException(e);
        }
    }

    private async Task StoreAsync(List<Pending> requests)
    {
        // Repeats inside one commit are settled here: the first one asks, the others are its duplicates.
        var first = new Dictionary<(Guid, DateTimeOffset, Guid), int>();
        var events = new List<PreparedEvent>();
        foreach (var e in requests.SelectMany(r => r.Events))
            if (first.TryAdd(e.DuplicateKey, events.Count))
                events.Add(e);
        var outcomes = new List<AppendOutcome>(events.Count);
        foreach (var transaction in Transactions(events))
            outcomes.AddRange(await Overtaken.RepeatAsync(() => ExecuteAsync(transaction)));
        var answered = new HashSet<(Guid, DateTimeOffset, Guid)>();
        foreach (var request in requests)
        {
            var answer = new AppendOutcome[request.Events.Count];
            for (var i = 0; i < answer.Length; i++)
            {
                var key = request.Events[i].DuplicateKey;
                var outcome = outcomes[first[key]];
                answer[i] = answered.Add(key) || outcome == AppendOutcome.Withheld ? outcome : AppendOutcome.Duplicate;
            }

            request.Done.TrySetResult(answer);
        }
    }

    /// <summary>Stretches that touch at most a thousand identities each, so that nobody waits long for their locks.</summary>
    private static IEnumerable<List<PreparedEvent>> Transactions(List<PreparedEvent> events)
    {
        var touched = new HashSet<Guid>();
        var begin = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var before = touched.Count;
            touched.UnionWith(events[i].Identities.Select(identity => identity.Id));
            if (touched.Count <= MaxIdentities || before == 0)
                continue;
            yield return events[begin..i];
            begin = i;
            touched = [.. events[i].Identities.Select(identity => identity.Id)];
        }

        if (begin < events.Count)
            yield return events[begin..];
    }

    private async Task<AppendOutcome[]> ExecuteAsync(List<PreparedEvent> events)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        AppendParameters.Add(batch, events);
        var outcomes = new AppendOutcome[events.Count];
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            outcomes[reader.GetInt32(0)] = (AppendOutcome)reader.GetInt32(1);
        // Read to the end: only then has the server said that it committed.
        while (await reader.NextResultAsync())
        {
        }

        return outcomes;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Storing {Count} events failed: {Error} {SqlState}")]
    private static partial void LogFailed(ILogger logger, string error, string sqlState, int count);

    private sealed record Pending(IReadOnlyList<PreparedEvent> Events)
    {
        public TaskCompletionSource<IReadOnlyList<AppendOutcome>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>Section <c>Events</c>: how much waits, how much shares a commit, and what sign-ins are believed.</summary>
public sealed class EventLogOptions
{
    /// <summary>Events that may wait for a commit before new ones are answered 503.</summary>
    public int MaxQueuedEvents { get; set; } = 20_000;

    /// <summary>Bytes of bodies that may wait.</summary>
    public long MaxQueuedBytes { get; set; } = 128 << 20;
    public int MaxEventsPerCommit { get; set; } = 1_000;
    public int Writers { get; set; } = 2;

    /// <summary>The website of events that name none and came with a key that has none.</summary>
    public string DefaultWebsite { get; set; } = "base";

    /// <summary>Websites that store nothing of a shopper without a recorded consent to collection.</summary>
    public string[] OptInWebsites { get; set; } = [];

    /// <summary>Setting <c>Identity:TrustStorefrontSignIn</c>: whether a storefront event that names a device and a person signs the person in on it.</summary>
    public bool TrustStorefrontSignIn { get; set; } = true;
}
