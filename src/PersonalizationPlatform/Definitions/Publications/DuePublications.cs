using Npgsql;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Definitions.Publications;

/// <summary>
/// Starts and ends publications when their time comes. Any number of nodes may do so at once, and repeat it: what is due is decided
/// under the editors' lock and carried out in the same transaction, so a node that dies leaves it as due as it was.
/// </summary>
public sealed partial class DuePublications(IServiceScopeFactory scopes, NpgsqlDataSource database, TimeProvider time, ILogger<DuePublications> log)
{
    /// <summary>In the order of their instants; of one instant ends come before starts.</summary>
    private const string Next = """
        select id from publication where due_at <= $1 order by due_at, status = 'scheduled', id limit 1
        """;

    /// <summary>Carries out everything that is due by now; how many starts and ends it was, failed ones included.</summary>
    public async Task<int> ApplyOnceAsync(CancellationToken cancellationToken)
    {
        var done = 0;
        while (await NextAsync(cancellationToken) is { } id)
        {
            if (await CarryOutAsync(id, cancellationToken))
                done++;
        }

        return done;
    }

    private async Task<Guid?> NextAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Next);
        command.Parameters.Add(new() { Value = time.Now() });
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task<bool> CarryOutAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var carriedOut = await scope.ServiceProvider.GetRequiredService<Publications>().CarryOutAsync(id, cancellationToken);
            if (carriedOut)
                LogCarriedOut(id);
            return carriedOut;
        }
        catch (Exception exception) when (!IsPassing(exception))
        {
            LogFailed(exception is ProblemException ? null : exception, id, (exception as ProblemException)?.Code);
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<Publications>().FailAsync(id, PublicationProblem.Of(exception), cancellationToken);
        }
    }

    /// <summary>Whether the next attempt may fare better: the database is away, or somebody is stopping us.</summary>
    private static bool IsPassing(Exception exception)
    {
        if (DatabaseUnavailable.Is(exception))
            return true;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is OperationCanceledException || Overtaken.Is(cause))
                return true;
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Publication {Id} was carried out")]
    private partial void LogCarriedOut(Guid id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Publication {Id} failed ({Code}); nothing of it is left")]
    private partial void LogFailed(Exception? exception, Guid id, string? code);
}

/// <summary>Looks every quarter of a second whether the time of a publication has come.</summary>
internal sealed partial class PublicationClock(DuePublications due, TimeProvider time, ILogger<PublicationClock> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Every;
            try
            {
                await due.ApplyOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(exception.GetType().Name);
                pause = AfterFailure;
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking after publications failed ({Error}); what is due stays due")]
    private partial void LogFailed(string error);
}
