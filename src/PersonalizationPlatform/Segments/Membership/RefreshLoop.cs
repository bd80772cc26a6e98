namespace PersonalizationPlatform.Segments.Membership;

/// <summary>Runs the refresher: at once while there is work, every quarter of a second while there is none.</summary>
internal sealed partial class RefreshLoop(Refresher refresher, TimeProvider time, ILogger<RefreshLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Idle;
            try
            {
                if (await refresher.RefreshOnceAsync(stoppingToken) > 0)
                    continue;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(logger, e.GetType().Name);
                pause = AfterFailure;
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh round failed ({Error}); what is due stays due")]
    private static partial void LogFailed(ILogger logger, string error);
}
