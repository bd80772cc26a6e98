using Microsoft.Extensions.Time.Testing;
using Npgsql;
using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Tests.Database;

/// <summary>What callers of a shared copy get while it is read, while it cannot be read, and when it was changed meanwhile.</summary>
public sealed class SharedCopyTests
{
    private static readonly TimeSpan Staleness = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider clock = new();
    private readonly List<TaskCompletionSource<string>> reads = [];
    private readonly SemaphoreSlim began = new(0);
    private readonly SharedCopy<string> copy;

    public SharedCopyTests() => copy = new(ReadAsync, Staleness, Lasting, clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_callers_share_one_read_and_ask_again_only_when_it_is_stale()
    {
        var callers = Enumerable.Range(0, 20).Select(_ => copy.GetAsync(Cancel).AsTask()).ToList();
        (await NextReadAsync()).SetResult("first");
        Assert.All(await Task.WhenAll(callers), value => Assert.Equal("first", value));
        clock.Advance(Staleness - TimeSpan.FromTicks(1));
        Assert.Equal("first", await copy.GetAsync(Cancel));
        Assert.Single(reads);
        clock.Advance(TimeSpan.FromTicks(1));
        var next = copy.GetAsync(Cancel);
        (await NextReadAsync()).SetResult("second");
        Assert.Equal("second", await next);
    }

    [Fact]
    public async Task While_a_read_takes_its_time_callers_get_the_copy_before_and_then_the_new_one()
    {
        await FillAsync("before");
        clock.Advance(Staleness);
        var waiting = copy.GetAsync(Cancel).AsTask();
        var read = await NextReadAsync();
        clock.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal("before", await waiting);
        // The read goes on for those who come later.
        var later = copy.GetAsync(Cancel).AsTask();
        read.SetResult("after");
        Assert.Equal("after", await later);
        Assert.Equal(2, reads.Count);
    }

    [Fact]
    public async Task After_a_failure_the_copy_before_is_served_at_once_and_nobody_tries_again_for_a_second()
    {
        await FillAsync("before");
        clock.Advance(Staleness);
        var failing = copy.GetAsync(Cancel).AsTask();
        (await NextReadAsync()).SetException(new NpgsqlException("away"));
        Assert.Equal("before", await failing);
        for (var i = 0; i < 10; i++)
            Assert.Equal("before", await copy.GetAsync(Cancel));
        Assert.Equal(2, reads.Count);
        clock.Advance(Staleness);
        var next = copy.GetAsync(Cancel).AsTask();
        (await NextReadAsync()).SetResult("after");
        Assert.Equal("after", await next);
    }

    [Fact]
    public async Task The_copy_before_is_served_only_for_as_long_as_it_may_last()
    {
        await FillAsync("before");
        clock.Advance(Lasting);
        var late = copy.GetAsync(Cancel).AsTask();
        (await NextReadAsync()).SetException(new NpgsqlException("away"));
        await Assert.ThrowsAsync<NpgsqlException>(() => late);
    }

    [Fact]
    public async Task Callers_without_any_copy_fail_together_after_three_seconds_of_silence()
    {
        var callers = Enumerable.Range(0, 20).Select(_ => copy.GetAsync(Cancel).AsTask()).ToList();
        var read = await NextReadAsync();
        var all = Task.WhenAll(callers);
        // Again and again, because the time may begin to count after the first.
        while (!all.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            await Task.Yield();
        }

        foreach (var caller in callers)
            Assert.True(DatabaseUnavailable.Is(await Assert.ThrowsAsync<TimeoutException>(() => caller)));
        // The silent one is given up, and whoever comes now does not wait for it.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Task);
        var next = copy.GetAsync(Cancel).AsTask();
        (await NextReadAsync()).SetResult("back");
        Assert.Equal("back", await next);
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_not_kept_and_nobody_who_comes_after_it_gets_it()
    {
        var early = copy.GetAsync(Cancel).AsTask();
        var old = await NextReadAsync();
        copy.Forget();
        var late = copy.GetAsync(Cancel).AsTask();
        (await NextReadAsync()).SetResult("changed");
        Assert.Equal("changed", await late);
        old.SetResult("unchanged");
        Assert.Equal("unchanged", await early);
        Assert.Equal("changed", await copy.GetAsync(Cancel));
    }

    [Fact]
    public async Task A_failure_that_is_not_the_databases_is_told()
    {
        await FillAsync("before");
        clock.Advance(Staleness);
        var failing = copy.GetAsync(Cancel).AsTask();
        (await NextReadAsync()).SetException(new FormatException("a row makes no sense"));
        await Assert.ThrowsAsync<FormatException>(() => failing);
    }

    [Fact]
    public async Task A_caller_who_leaves_takes_nothing_from_the_others()
    {
        using var leaving = new CancellationTokenSource();
        var (one, other) = (copy.GetAsync(leaving.Token).AsTask(), copy.GetAsync(Cancel).AsTask());
        var read = await NextReadAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        read.SetResult("read");
        Assert.Equal("read", await other);
    }

    private async Task FillAsync(string value)
    {
        var first = copy.GetAsync(Cancel);
        (await NextReadAsync()).SetResult(value);
        Assert.Equal(value, await first);
    }

    private async Task<TaskCompletionSource<string>> NextReadAsync()
    {
        await began.WaitAsync(Cancel);
        return reads[^1];
    }

    private Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        var read = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.Register(() => read.TrySetCanceled(cancellationToken));
        reads.Add(read);
        began.Release();
        return read.Task;
    }
}
