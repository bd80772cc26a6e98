using System.Diagnostics;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Waits for what happens by itself, as in browsers most things do: asks again and again, but not for ever.</summary>
public static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until something holds.</summary>
    /// <param name="what">What was waited for, as a sentence for whoever reads that it did not come.</param>
    /// <param name="holds">Whether it holds by now.</param>
    public static Task TrueAsync(string what, Func<Task<bool>> holds) => SuchAsync(what, holds, it => it);

    /// <summary>Waits until something asked for is as it should be, and returns it.</summary>
    public static async Task<T> SuchAsync<T>(string what, Func<Task<T>> ask, Func<T, bool> asItShouldBe)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (asItShouldBe(answer))
                return answer;
            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"{what} did not come about. At last it was: {answer}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
