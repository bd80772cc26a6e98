namespace PersonalizationPlatform.Database;

/// <summary>Starts the private server again when it has died (killed for want of memory, say): nobody else looks after it.</summary>
internal sealed partial class PrivatePostgresWatch(PrivatePostgres postgres, TimeProvider time, ILogger<PrivatePostgresWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default))
        {
            try
            {
                if (postgres.ProcessId is null && await postgres.EnsureRunningAsync(stoppingToken))
                    LogRestarted();
            }
            catch (PrivatePostgresException exception)
            {
                LogNotRestarted(exception.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The private PostgreSQL had stopped and was started again")]
    private partial void LogRestarted();

    [LoggerMessage(Level = LogLevel.Error, Message = "The private PostgreSQL has stopped and does not start: {Reason}")]
    private partial void LogNotRestarted(string reason);
}
