using Microsoft.Extensions.Time.Testing;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Tests.Events;

public sealed class IdempotentAnswersTests(DoorDatabase database) : IClassFixture<DoorDatabase>
{
    private readonly FakeTimeProvider clock = new(Understood.ReceivedAt.AddTicks(7));
    private readonly string key = Guid.NewGuid().ToString();
    private readonly TaskCompletionSource started = new();
    private int runs;

    [Fact]
    public async Task A_repeat_gets_the_first_answer_for_a_day()
    {
        var first = await Send("{}");
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equivalent(first, await Send("{}"), strict: true);
        Assert.Equal(1, runs);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Send("{}");
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task The_same_key_for_another_body_or_door_is_refused()
    {
        await Send("{}");
        Assert.Equal((422, "idempotency.otherBody"), await Problem(() => Send("[]")));
        Assert.Equal((422, "idempotency.otherBody"), await Problem(() => Send("{}", EventDoor.BackOffice)));
        Assert.Equal((422, "idempotency.otherBody"), await Problem(() => Send("{}", format: "orders")));
        await Send("[]", keyId: "another");
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task While_the_first_runs_a_repeat_is_told_so()
    {
        var gate = new TaskCompletionSource();
        var first = Send("{}", work: gate.Task);
        await started.Task;
        Assert.Equal((409, "idempotency.running"), await Problem(() => Send("{}")));
        gate.SetResult();
        await first;
        await Send("{}");
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_failed_attempt_may_be_repeated_at_once_and_a_dead_one_after_a_minute()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Send("{}", work: Task.FromException(new TimeoutException())));
        await Send("{}");
        Assert.Equal(2, runs);

        await using var died = database.Source.CreateCommand("update idempotency set status = null, answer = null where idempotency_key = $1");
        died.Parameters.Add(new() { Value = key });
        await died.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.Equal((409, "idempotency.running"), await Problem(() => Send("{}")));
        clock.Advance(TimeSpan.FromMinutes(1));
        await Send("{}");
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task Without_a_key_everything_runs()
    {
        var answers = new IdempotentAnswers(new(database.Source, clock));
        for (var i = 0; i < 2; i++)
            await answers.OnceAsync("k", null, EventDoor.Storefront, null, default, () => Work(Task.CompletedTask), TestContext.Current.CancellationToken);
        Assert.Equal(2, runs);
    }

    private Task<CollectionAnswer> Send(string body, EventDoor door = EventDoor.Storefront, string keyId = "k", string? format = null, Task? work = null) =>
        new IdempotentAnswers(new(database.Source, clock)).OnceAsync(
            keyId, key, door, format, System.Text.Encoding.UTF8.GetBytes(body), () => Work(work ?? Task.CompletedTask), TestContext.Current.CancellationToken);

    private async Task<CollectionAnswer> Work(Task work)
    {
        runs++;
        started.TrySetResult();
        await work;
        return new CollectionAnswer(runs, 2, 3, [new Refusal(4, "time.invalid", "No.")]);
    }

    private static async Task<(int, string)> Problem(Func<Task> act)
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(act);
        return (problem.Status, problem.Code);
    }
}
