using Npgsql;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>Runs the rehearsals that wait, one at a time on every node.</summary>
internal sealed partial class RehearsalDuty(Rehearsals rehearsals, TimeProvider time, ILogger<RehearsalDuty> log) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await rehearsals.RunOnceAsync(stoppingToken))
                    continue;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                LogFailed(e.GetType().Name);
            }

            await Task.Delay(Idle, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking for rehearsals failed ({Error}); it is tried again")]
    private partial void LogFailed(string error);
}
