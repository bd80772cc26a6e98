using System.Data;
using Npgsql;

namespace PersonalizationPlatform.Database;

/// <summary>
/// This node's copy of some definitions, read again when somebody has seen a newer epoch (<see cref="DefinitionEpoch"/>).
/// Rows and epoch come from one snapshot, and of many callers only one reads.
/// </summary>
/// <param name="counter">Which number it follows: <c>definitions</c> or <c>publications</c>.</param>
/// <param name="read">Makes the copy of an epoch from the database, given the copy before; the connection stands in a snapshot.</param>
public sealed class EpochCopy<T>(NpgsqlDataSource database, string counter, Func<long, NpgsqlConnection, T?, CancellationToken, Task<T>> read) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim reading = new(1, 1);
    private volatile Copy? current;

    /// <summary>The copy as of <paramref name="epoch"/> or later.</summary>
    public ValueTask<T> AtAsync(long epoch, CancellationToken cancellationToken) =>
        current is { } known && known.Epoch >= epoch ? new(known.Value) : new(ReadOnceAsync(epoch, cancellationToken));

    public void Dispose() => reading.Dispose();

    private async Task<T> ReadOnceAsync(long epoch, CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            // Whoever waited here while another read gets what that one read.
            if (current is { } known && known.Epoch >= epoch)
                return known.Value;
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var command = new NpgsqlCommand("select value from epoch where name = $1", connection);
            command.Parameters.Add(new() { Value = counter });
            var found = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            if (found < epoch)
                throw new InvalidOperationException($"The {counter} are at {found}, but {epoch} has been seen.");
            current = new(found, await read(found, connection, current?.Value, cancellationToken));
            return current.Value;
        }
        finally
        {
            reading.Release();
        }
    }

    private sealed record Copy(long Epoch, T Value);
}
