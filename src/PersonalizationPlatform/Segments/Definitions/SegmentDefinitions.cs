using Npgsql;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>This node's copy of every live definition.</summary>
public sealed partial class SegmentDefinitions : IDisposable
{
    private const string Select = """
        select id, key, name, website, apply_to, version, changed_epoch, condition, live_since, external_id, external from segment where status = 'live';
        select id, key, kind, segment_id, list_version, external_id from audience where status = 'live';
        """;

    private readonly EpochCopy<SegmentSet> copy;
    private readonly ILogger<SegmentDefinitions> log;

    private readonly NpgsqlDataSource database;
    private readonly LiveWebsites websites;

    public SegmentDefinitions(NpgsqlDataSource database, LiveWebsites websites, ILogger<SegmentDefinitions> log)
    {
        this.database = database;
        this.websites = websites;
        this.log = log;
        copy = new(database, "definitions", ReadAsync);
    }

    /// <summary>The definitions as of <paramref name="epoch"/> or later.</summary>
    public ValueTask<SegmentSet> AtAsync(long epoch, CancellationToken cancellationToken) => copy.AtAsync(epoch, cancellationToken);

    /// <summary>The definitions as of now, whichever node changed them last.</summary>
    public async ValueTask<SegmentSet> CurrentAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select value from epoch where name = 'definitions'");
        return await AtAsync((long)(await command.ExecuteScalarAsync(cancellationToken))!, cancellationToken);
    }

    public void Dispose() => copy.Dispose();

    private async Task<SegmentSet> ReadAsync(long epoch, NpgsqlConnection connection, SegmentSet? before, CancellationToken cancellationToken)
    {
        var shop = await websites.ReadAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand(Select, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var segments = new List<LiveSegment>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (Segment(reader, before, shop) is { } segment)
                segments.Add(segment);
        }

        await reader.NextResultAsync(cancellationToken);
        var audiences = new Dictionary<AudienceId, AudienceEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = new AudienceId(reader.GetGuid(0));
            var publishes = reader.IsDBNull(3) ? (SegmentId?)null : new SegmentId(reader.GetGuid(3));
            audiences[id] = new(id, reader.GetString(1), Enum.Parse<AudienceKind>(reader.GetString(2), true), publishes, reader.GetInt64(4)) { ExternalId = reader.IsDBNull(5) ? null : reader.GetString(5) };
        }

        var set = new SegmentSet(epoch, segments, audiences) { Websites = shop };
        foreach (var left in segments.Where(segment => set.Find(segment.Id) is null))
            LogCircle(left.Id);
        LogRead(epoch, set.InOrder.Count, audiences.Count);
        return set;
    }

    private LiveSegment? Segment(NpgsqlDataReader row, SegmentSet? before, WebsiteSet shop)
    {
        var id = new SegmentId(row.GetGuid(0));
        var version = row.GetInt32(5);
        // What did not change keeps its parsed tree.
        var known = before?.Find(id);
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

        // Known by name only: without a condition it would hold for everybody.
        if (row.GetBoolean(10))
            condition = LiveSegment.Nobody;
        return new(
            id, row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
            Enum.Parse<ApplyTo>(row.GetString(4), true), version, row.GetInt64(6), condition, needs)
        {
            LiveSince = row.GetFieldValue<DateTimeOffset>(8),
            ExternalId = row.IsDBNull(9) ? null : row.GetString(9),
            Settings = shop.Of(row.IsDBNull(3) ? null : row.GetString(3)).Settings,
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Definitions of epoch {Epoch} read: {Segments} segments, {Audiences} audiences")]
    private partial void LogRead(long epoch, int segments, int audiences);

    [LoggerMessage(Level = LogLevel.Error, Message = "Segment {Segment} version {Version} has a condition that cannot be read; nobody is in it")]
    private partial void LogUnreadable(SegmentId segment, int version);

    [LoggerMessage(Level = LogLevel.Error, Message = "Segment {Segment} stands in or behind a circle of references; nobody is in it")]
    private partial void LogCircle(SegmentId segment);
}
