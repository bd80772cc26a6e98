using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Log;
using PersonalizationPlatform.Events.Refused;

namespace PersonalizationPlatform.Events;

/// <summary>Keeps months ready ahead of time and lets go of what is older than retention; every hour, safe on several nodes.</summary>
internal sealed partial class EventDuties(
    EventPartitions partitions, RefusedEvents refused, IdempotentRequests requests, IOptions<CollectionLimits> limits, TimeProvider time, ILogger<EventDuties> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One round.</summary>
    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await partitions.EnsureAroundAsync(now, cancellationToken);
        foreach (var dropped in await partitions.DropOlderThanOnceAsync(limits.Value.OldestKept(now), cancellationToken))
            LogDropped(logger, dropped);
        while (await refused.DeleteOlderThanOnceAsync(now - limits.Value.RefusedRetention, cancellationToken) > 0)
        {
        }

        while (await partitions.ForgetUntimedOnceAsync(now, cancellationToken) > 0)
        {
        }

        while (await requests.DeleteExpiredOnceAsync(cancellationToken) > 0)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropped {Partition}: older than retention")]
    private static partial void LogDropped(ILogger logger, string partition);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking after the event table failed; it is tried again in an hour")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
