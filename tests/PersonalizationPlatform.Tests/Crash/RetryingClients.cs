using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Concurrency;

namespace PersonalizationPlatform.Tests.Crash;

/// <summary>Clients that post batch after batch, each again and again until it is acknowledged, as the doors ask of them.</summary>
internal sealed class RetryingClients : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> acknowledged = [];
    private readonly ConcurrentQueue<string> unexpected = [];
    private readonly CancellationTokenSource enough = new();
    private readonly List<Task> clients;

    /// <param name="count">How many at once.</param>
    /// <param name="service">How the service is reached at the moment.</param>
    public RetryingClients(int count, Func<HttpClient> service) =>
        clients = [.. Enumerable.Range(0, count).Select(n => Task.Run(() => RunAsync(n, service)))];

    /// <summary>The ids of the events whose storing was answered for.</summary>
    public IReadOnlyCollection<string> Acknowledged => acknowledged;

    /// <summary>Waits until that many more have been acknowledged: the service works, again.</summary>
    public async Task MoreAsync(int more)
    {
        var enoughNow = acknowledged.Count + more;
        using var patience = new CancellationTokenSource(Patience);
        while (acknowledged.Count < enoughNow)
        {
            Assert.False(patience.IsCancellationRequested, "Nothing is acknowledged any more. " + string.Join('\n', unexpected.Take(3)));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Lets everybody finish the batch at hand. Nobody may have been told anything but "stored" or "come again".</summary>
    public async Task FinishAsync()
    {
        await enough.CancelAsync();
        await Task.WhenAll(clients).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Empty(unexpected);
    }

    public async ValueTask DisposeAsync()
    {
        await enough.CancelAsync();
        enough.Dispose();
    }

    private async Task RunAsync(int client, Func<HttpClient> service)
    {
        var random = new Random(client);
        for (var batch = 0; !enough.IsCancellationRequested; batch++)
        {
            var ids = Enumerable.Range(0, random.Next(1, 5)).Select(n => $"{client}-{batch}-{n}").ToList();
            var body = Traffic.Batch([.. ids.Select(id => Traffic.Event(
                id, random.Next(4) == 0 ? Traffic.Purchase : Traffic.View, TimeProvider.System.GetUtcNow(),
                $"ECID:d{random.Next(20)}" + (random.Next(3) == 0 ? $" email:p{random.Next(5)}@example.com" : ""), $"order-{random.Next(50)}"))]);
            while (!await TryAsync(service(), body, ids.Count))
                await Task.Delay(20);
            ids.ForEach(acknowledged.Enqueue);
        }
    }

    private async Task<bool> TryAsync(HttpClient service, string body, int events)
    {
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await service.PostAsync(new Uri("/v1/events/storefront", UriKind.Relative), content);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode != HttpStatusCode.Accepted)
            {
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                    unexpected.Enqueue($"{(int)answer.StatusCode} {text}");
                return false;
            }

            var counts = JsonNode.Parse(text)!;
            if ((int)counts["accepted"]! + (int)counts["duplicates"]! != events)
                unexpected.Enqueue(text);
            return true;
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException or TaskCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }
}
