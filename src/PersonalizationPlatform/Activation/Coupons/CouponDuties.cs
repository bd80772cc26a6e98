using Npgsql;
using PersonalizationPlatform.Activation.Coupons.Batches;
using PersonalizationPlatform.Activation.Coupons.Orders;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>Generates batches and follows orders: at once while there is work, every half second while there is none.</summary>
internal sealed partial class CouponDuties(CouponBatches batches, CouponOrders orders, TimeProvider time, ILogger<CouponDuties> logger) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RunAsync("batches", batches.GenerateOnceAsync, stoppingToken),
        RunAsync("orders", async cancellationToken => await orders.FollowOnceAsync(cancellationToken) > 0, stoppingToken));

    private async Task RunAsync(string duty, Func<CancellationToken, Task<bool>> onceAsync, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Idle;
            try
            {
                if (await onceAsync(stoppingToken))
                    continue;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(logger, duty, e.GetType().Name);
                pause = AfterFailure;
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A round of the coupons' {Duty} failed ({Error}); it is tried again")]
    private static partial void LogFailed(ILogger logger, string duty, string error);
}

/// <summary>Calls <see cref="CouponRetention"/> once an hour, and at once again while there is something to do.</summary>
internal sealed partial class CouponRetentionDuty(CouponRetention retention, TimeProvider time, ILogger<CouponRetentionDuty> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await retention.DeleteOnceAsync(stoppingToken) > 0)
                {
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                LogFailed(logger, e.GetType().Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deleting uses of coupons that are over failed ({Error}); it is tried again")]
    private static partial void LogFailed(ILogger logger, string error);
}
