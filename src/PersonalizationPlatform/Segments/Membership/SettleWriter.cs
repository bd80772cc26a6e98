using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>
/// Writes what refreshes found: compare-and-set on the settle number, so that a slower worker with an older snapshot writes nothing.
/// Many profiles share one statement, which takes its log positions from a counter row and so commits them in order.
/// </summary>
public sealed partial class SettleWriter(NpgsqlDataSource database, ILogger<SettleWriter> logger) : IAsyncDisposable
{
    private const int MaxProfiles = 200;

    private const string SettleSql = """
        with p as (
            select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::boolean[], $12::boolean[])
            as p(profile_id, settle_no, epoch, settled_at, valid_until, seen_ids, seen_marks, seen_latest,
                deadline_ids, deadline_at, registered, truncated)
        ),
        done as (
            insert into profile as t (profile_id, settle_no, epoch, settled_at, valid_until, seen_ids, seen_marks, seen_latest, deadline_ids, deadline_at,
                registered, truncated)
            select profile_id, settle_no, epoch, settled_at, valid_until, seen_ids::uuid[], seen_marks::bigint[], seen_latest::boolean[],
                deadline_ids::uuid[], deadline_at::timestamptz[], registered, truncated
            from p order by profile_id
            on conflict (profile_id) do update set
                settle_no = excluded.settle_no, epoch = excluded.epoch, settled_at = excluded.settled_at, valid_until = excluded.valid_until,
                lease = '-infinity', seen_ids = excluded.seen_ids, seen_marks = excluded.seen_marks, seen_latest = excluded.seen_latest,
                deadline_ids = excluded.deadline_ids, deadline_at = excluded.deadline_at, registered = excluded.registered,
                truncated = excluded.truncated
                where t.settle_no = excluded.settle_no - 1 and t.epoch <= excluded.epoch and t.erased_at is null
            returning t.profile_id
        ),
        m as (
            select m.* from unnest($13::uuid[], $14::uuid[], $15::timestamptz[], $16::timestamptz[], $17::int[])
                as m(profile_id, segment_id, since, until, version) join done d on d.profile_id = m.profile_id
        ),
        gone as (
            delete from membership x using done d
            where x.profile_id = d.profile_id and not exists (select from m where m.profile_id = x.profile_id and m.segment_id = x.segment_id)
        ),
        present as (
            insert into membership as x (profile_id, segment_id, since, until, version)
            select profile_id, segment_id, since, until, version from m order by profile_id, segment_id
            on conflict (profile_id, segment_id) do update set since = excluded.since, until = excluded.until, version = excluded.version
                where (x.since, x.until, x.version) is distinct from (excluded.since, excluded.until, excluded.version)
        ),
        l as (
            select l.*, row_number() over (order by l.at, l.n) as nth
            from unnest($18::int[], $19::uuid[], $20::uuid[], $21::text[], $22::timestamptz[], $23::timestamptz[], $24::text[], $25::uuid[], $26::text[],
                    $27::uuid[], $28::timestamptz[], $29::boolean[], $30::boolean[], $31::int[])
                as l(n, profile_id, segment_id, change, at, recorded_at, cause, event_key, event_id, other_profile, since, carried_over, first_fill, version)
            join done d on d.profile_id = l.profile_id
        ),
        f as (
            update feed set last = last + (select count(*) from l) where name = 'membership' and exists (select from l) returning last - (select count(*) from l) as base
        ),
        logged as (
            insert into membership_log (position, profile_id, segment_id, change, at, recorded_at, cause, event_key, event_id, other_profile, since,
                carried_over, first_fill, version)
            select f.base + l.nth, l.profile_id, l.segment_id, l.change, l.at, l.recorded_at, l.cause, l.event_key, l.event_id, l.other_profile, l.since,
                l.carried_over, l.first_fill, l.version
            from l, f
        )
        select profile_id from done
        """;

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(2_000) { FullMode = BoundedChannelFullMode.Wait });
    private readonly Lock _starting = new();
    private Task? _writer;

    /// <summary>Offers a reader's finding; dropped when the queue is full, for then somebody else will find it again.</summary>
    internal void Offer(ProfileSnapshot snapshot, Judgement judgement)
    {
        EnsureWriter();
        _queue.Writer.TryWrite(new Work(snapshot, judgement, null));
    }

    /// <summary>Settles and says whether it took effect (false: overtaken by another settle or erased).</summary>
    internal async Task<bool> SettleAsync(ProfileSnapshot snapshot, Judgement judgement, CancellationToken cancellationToken)
    {
        EnsureWriter();
        var work = new Work(snapshot, judgement, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        await _queue.Writer.WriteAsync(work, cancellationToken);
        return await work.Done!.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until everything offered so far has been written or refused; for tests and orderly stops.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        EnsureWriter();
        var marker = new Work(null, null, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        await _queue.Writer.WriteAsync(marker, cancellationToken);
        await marker.Done!.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_writer is { } writer)
            await writer;
    }

    private void EnsureWriter()
    {
        if (_writer is not null)
            return;
        lock (_starting)
            _writer ??= Task.Run(WriteLoopAsync);
    }

    private async Task WriteLoopAsync()
    {
        var taken = new List<Work>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            taken.Clear();
            while (taken.Count < MaxProfiles && _queue.Reader.TryRead(out var next))
                taken.Add(next);
            // One finding of a profile in one statement: of those that follow the latest settle, the newest, of equals the last. The others would lose anyway.
            var works = taken.Where(w => w.Snapshot is not null).GroupBy(w => w.Snapshot!.Profile)
                .Select(g => g.OrderBy(w => (w.Snapshot!.Stored?.SettleNo ?? 0, w.Judgement!.At)).Last()).ToList();
            var done = await WriteTogetherAsync(works);
            foreach (var work in taken)
                work.Done?.TrySetResult(work.Snapshot is null || (done.Contains(work.Snapshot.Profile) && works.Contains(work)));
        }
    }

    /// <summary>Writes what can be written. One profile's trouble must not become its neighbours': when they fail together, each is tried alone.</summary>
    private async Task<HashSet<Guid>> WriteTogetherAsync(List<Work> works)
    {
        HashSet<Guid> done = [];
        try
        {
            return works.Count > 0 ? await WriteAsync(works) : done;
        }
        catch (PostgresException e) when (works.Count > 1 && !e.IsTransient)
        {
            foreach (var work in works)
                done.UnionWith(await WriteTogetherAsync([work]));
        }
        catch (Exception e)
        {
            // Whatever it was: the loop goes on, for everybody waits for it.
            LogFailed(logger, e.GetType().Name, (e as PostgresException)?.SqlState ?? "", works.Count);
        }

        return done;
    }

    private async Task<HashSet<Guid>> WriteAsync(List<Work> works)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(SettleSql, connection) { CommandTimeout = 30 };
        AddProfiles(command, works);
        AddMembers(command, works);
        AddChanges(command, works);
        var done = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            done.Add(reader.GetGuid(0));
        return done;
    }

    private static void AddProfiles(NpgsqlCommand command, List<Work> works)
    {
        Add(command, NpgsqlDbType.Uuid, works.Select(w => w.Snapshot!.Profile));
        Add(command, NpgsqlDbType.Bigint, works.Select(w => (w.Snapshot!.Stored?.SettleNo ?? 0) + 1));
        Add(command, NpgsqlDbType.Bigint, works.Select(w => w.Judgement!.Epoch));
        Add(command, NpgsqlDbType.TimestampTz, works.Select(w => w.Judgement!.At));
        Add(command, NpgsqlDbType.TimestampTz, works.Select(w => w.Judgement!.ValidUntil));
        Add(command, NpgsqlDbType.Text, works.Select(w => "{" + string.Join(',', w.Snapshot!.Ids) + "}"));
        Add(command, NpgsqlDbType.Text, works.Select(w => "{" + string.Join(',', w.Snapshot!.Marks) + "}"));
        Add(command, NpgsqlDbType.Text, works.Select(w => "{" + string.Join(',', w.Snapshot!.Latest) + "}"));
        Add(command, NpgsqlDbType.Text, works.Select(w => "{" + string.Join(',', w.Judgement!.Deadlines.Select(d => d.Segment)) + "}"));
        Add(command, NpgsqlDbType.Text, works.Select(w => "{" + string.Join(',', w.Judgement!.Deadlines.Select(d => '"' + d.At.ToString("O") + '"')) + "}"));
        Add(command, NpgsqlDbType.Boolean, works.Select(w => w.Snapshot!.Facts.IsRegistered));
        Add(command, NpgsqlDbType.Boolean, works.Select(w => w.Snapshot!.Truncated));
    }

    private static void AddMembers(NpgsqlCommand command, List<Work> works)
    {
        var members = works.SelectMany(w => w.Judgement!.Members.Select(m => (w.Snapshot!.Profile, m.Segment, m.Membership))).ToList();
        Add(command, NpgsqlDbType.Uuid, members.Select(m => m.Profile));
        Add(command, NpgsqlDbType.Uuid, members.Select(m => m.Segment));
        Add(command, NpgsqlDbType.TimestampTz, members.Select(m => m.Membership.Since));
        Add(command, NpgsqlDbType.TimestampTz, members.Select(m => m.Membership.Until));
        Add(command, NpgsqlDbType.Integer, members.Select(m => m.Membership.Version));
    }

    private static void AddChanges(NpgsqlCommand command, List<Work> works)
    {
        var changes = works.SelectMany(w => w.Judgement!.Changes.Select(c => (w.Snapshot!.Profile, w.Judgement!.At, Change: c))).ToList();
        Add(command, NpgsqlDbType.Integer, changes.Select((_, n) => n));
        Add(command, NpgsqlDbType.Uuid, changes.Select(c => c.Profile));
        Add(command, NpgsqlDbType.Uuid, changes.Select(c => c.Change.Segment));
        Add(command, NpgsqlDbType.Text, changes.Select(c => c.Change.Entered ? "entered" : "left"));
        Add(command, NpgsqlDbType.TimestampTz, changes.Select(c => c.Change.At));
        Add(command, NpgsqlDbType.TimestampTz, changes.Select(c => c.At));
        Add(command, NpgsqlDbType.Text, changes.Select(c => c.Change.Cause));
        Add(command, NpgsqlDbType.Uuid, changes.Select(c => c.Change.EventKey?.Value));
        Add(command, NpgsqlDbType.Text, changes.Select(c => c.Change.EventId));
        Add(command, NpgsqlDbType.Uuid, changes.Select(c => c.Change.OtherProfile));
        Add(command, NpgsqlDbType.TimestampTz, changes.Select(c => c.Change.Since));
        Add(command, NpgsqlDbType.Boolean, changes.Select(c => c.Change.Since is not null));
        Add(command, NpgsqlDbType.Boolean, changes.Select(c => c.Change.FirstFill));
        Add(command, NpgsqlDbType.Integer, changes.Select(c => c.Change.Version));
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values.ToArray() });

    [LoggerMessage(Level = LogLevel.Warning, Message = "Settling {Count} profiles failed: {Error} {SqlState}; they stay stale and are judged again")]
    private static partial void LogFailed(ILogger logger, string error, string sqlState, int count);

    private sealed record Work(ProfileSnapshot? Snapshot, Judgement? Judgement, TaskCompletionSource<bool>? Done);
}
