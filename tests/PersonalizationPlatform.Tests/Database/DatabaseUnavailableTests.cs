using Microsoft.EntityFrameworkCore;
using Npgsql;
using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Tests.Database;

/// <summary>Which failures are the database's, so that the same may be asked again later, and which are those of what was asked.</summary>
public sealed class DatabaseUnavailableTests
{
    [Theory]
    [InlineData("08006", true)] // The connection broke.
    [InlineData("25006", true)] // It only reads.
    [InlineData("40001", true)] // Somebody was faster.
    [InlineData("53100", true)] // The disk is full.
    [InlineData("53300", true)] // Too many connections.
    [InlineData("55P03", true)] // A lock that nobody gave back.
    [InlineData("57014", true)] // The statement took too long.
    [InlineData("57P01", true)] // It is being shut down.
    [InlineData("57P03", true)] // It is starting.
    [InlineData("58030", true)] // The disk fails.
    [InlineData("XX000", true)] // A fault inside.
    [InlineData("22001", false)]
    [InlineData("23505", false)]
    [InlineData("42P01", false)]
    public void What_the_server_says_is_told_by_its_state(string state, bool unavailable)
    {
        var answered = new PostgresException("", "ERROR", "ERROR", state);
        Assert.Equal(unavailable, DatabaseUnavailable.Is(answered));
        Assert.Equal(unavailable, DatabaseUnavailable.Is(new DbUpdateException("", answered)));
    }

    [Fact]
    public void A_server_that_says_nothing_is_unavailable_and_a_fault_of_ours_is_not_its()
    {
        Assert.True(DatabaseUnavailable.Is(new NpgsqlException("no route")));
        Assert.True(DatabaseUnavailable.Is(new TimeoutException()));
        Assert.True(DatabaseUnavailable.Is(new InvalidOperationException("", new NpgsqlException("gone"))));
        Assert.False(DatabaseUnavailable.Is(new InvalidOperationException()));
        Assert.False(DatabaseUnavailable.Is(new OperationCanceledException()));
    }
}
