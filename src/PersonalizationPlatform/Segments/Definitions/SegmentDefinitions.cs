using Npgsql;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>This node's copy of every live definition, read again when somebody has seen a newer epoch.</summary>
public sealed partial class SegmentDefinitions(NpgsqlDataSource database, ILogger<SegmentDefinitions> log)
{
    private const string Select = """
        select value from epoch where name = 'definitions';
        select id, key, name, website, apply_to, version, changed_epoch, condition, live_since from segment where status = 'live';
        select id, key, kind, segment_id, list_version from audience where status = 'live';
        """;

    private readonly SemaphoreSlim reading = new(1, 1);
    private volatile SegmentSet? current;

    /// <summary>The definitions as of <paramref name="epoch"/> or later.</summary>
    public ValueTask<SegmentSet> AtAsync(long epoch, CancellationToken cancellationToken) =>
        current is { } known && known.Epoch >= epoch ? new(known) : new(ReadOnceAsync(epoch, cancellationToken));

    /// <summary>The definitions as of now, whichever node changed them last.</summary>
    public async ValueTask<SegmentSet> CurrentAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select value from epoch where name = 'definitions'");
        return await AtAsync((long)(await command.ExecuteScalarAsync(cancellationToken))!, cancellationToken);
    }

    private async Task<SegmentSet> ReadOnceAsync(long epoch, CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            // Whoever waited here while another read gets what that one read.
            if (current is { } known && known.Epoch >= epoch)
                return known;
            var read = await ReadAsync(cancellationToken);
            if (read.Epoch < epoch)
                throw new InvalidOperationException($"The definitions are at epoch {read.Epoch}, but epoch {epoch} has been seen.");
            return current = read;
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task<SegmentSet> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One snapshot: the epoch read is that of the rows.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using var command = new NpgsqlCommand(Select, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var epoch = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var segments = new List<LiveSegment>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (Segment(reader) is { } segment)
                segments.Add(segment);
        }

        await reader.NextResultAsync(cancellationToken);
        var audiences = new Dictionary<AudienceId, AudienceEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = new AudienceId(reader.GetGuid(0));
            var publishes = reader.IsDBNull(3) ? (SegmentId?)null : new SegmentId(reader.GetGuid(3));
            audiences[id] = new(id, reader.GetString(1), Enum.Parse<AudienceKind>(reader.GetString(2), true), publishes, reader.GetInt64(4));
        }

        var set = new SegmentSet(epoch, segments, audiences);
        foreach (var left in segments.Where(segment => set.Find(segment.Id) is null))
            LogCircle(left.Id);
        LogRead(epoch, set.InOrder.Count, audiences.Count);
        return set;
    }

    private LiveSegment? Segment(NpgsqlDataReader row)
    {
        var id = new SegmentId(row.GetGuid(0));
        var version = row.GetInt32(5);
        // What did not change keeps its parsed tree.
        var known = current?.Find(id);
        var condition = known?.Version == version ? known.Condition : null;
        var needs = known?.Version == version ? known.Needs : new Needs();
        if (known?.Version != version && !row.IsDBNull(7))
        {
            condition = StoredCondition.Read(row.GetString(7));
            if (condition is null)
            {
                // Without its condition it would hold for everybody: rather nobody.
                LogUnreadable(id, version);
                return null;
            }

            condition.Require(needs);
        }

        return new(
            id, row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
            Enum.Parse<ApplyTo>(row.GetString(4), true), version, row.GetInt64(6), condition, needs)
        {
            LiveSince = row.GetFieldValue<DateTimeOffset>(8),
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Definitions of epoch {Epoch} read: {Segments} segments, {Audiences} audiences")]
    private partial void LogRead(long epoch, int segments, int audiences);

    [LoggerMessage(Level = LogLevel.Error, Message = "Segment {Segment} version {Version} has a condition that cannot be read; nobody is in it")]
    private partial void LogUnreadable(SegmentId segment, int version);

    [LoggerMessage(Level = LogLevel.Error, Message = "Segment {Segment} stands in or behind a circle of references; nobody is in it")]
    private partial void LogCircle(SegmentId segment);
}
