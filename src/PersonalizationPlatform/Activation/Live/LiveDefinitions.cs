using Npgsql;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CatalogRules;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.RelatedProducts;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Live;

/// <summary>This node's copy of everything live; read again as soon as somebody has seen a newer publication.</summary>
public sealed partial class LiveDefinitions : IDisposable
{
    private readonly EpochCopy<LiveSet> copy;
    private readonly LiveWebsites websites;
    private readonly IEnumerable<IPromoteBlocks> promoters;
    private readonly ILogger<LiveDefinitions> log;

    public LiveDefinitions(NpgsqlDataSource database, LiveWebsites websites, IEnumerable<IPromoteBlocks> promoters, ILogger<LiveDefinitions> log)
    {
        this.websites = websites;
        this.promoters = promoters;
        this.log = log;
        copy = new(database, "publications", ReadAsync);
    }

    /// <summary>The set as of <paramref name="publication"/> or later.</summary>
    public ValueTask<LiveSet> AtAsync(long publication, CancellationToken cancellationToken) => copy.AtAsync(publication, cancellationToken);

    public void Dispose() => copy.Dispose();

    private async Task<LiveSet> ReadAsync(long publication, NpgsqlConnection connection, LiveSet? before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select value from epoch where name = 'definitions'", connection);
        var epoch = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        await using var due = new NpgsqlCommand("select min(due_at) from publication where due_at is not null", connection);
        var next = await due.ExecuteScalarAsync(cancellationToken);
        return new()
        {
            Publication = publication,
            Epoch = epoch,
            Websites = await websites.ReadAsync(connection, cancellationToken),
            Blocks = await BlockRows.ReadAsync(connection, promoters, cancellationToken),
            CartRules = await CartRuleRows.ReadAsync(connection, before?.CartRules, log, cancellationToken),
            CatalogRules = await CatalogRuleSet.ReadAsync(connection, before?.CatalogRules, LogUnreadable, cancellationToken),
            NextPublicationAt = next is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null,
            RelatedRules = await RelatedRuleSet.ReadAsync(connection, before?.RelatedRules, LogUnreadable, cancellationToken),
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Rule {Rule} version {Version} has a condition that cannot be read; it applies to nothing")]
    private partial void LogUnreadable(Guid rule, int version);
}
