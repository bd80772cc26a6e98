using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Activation.Audiences;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Concurrency.Traffic;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>A long list comes in while shoppers, also those on the list, go on shopping.</summary>
public sealed class ListImportUnderLoadTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const int Length = 100_000;

    [Fact]
    public async Task A_list_of_100_000_is_imported_beside_single_events()
    {
        var list = await CreateAsync("long");
        var quiet = await LatenciesAsync("before", 300, Task.CompletedTask);
        var import = Task.Run(() => ImportAsync(list), TestContext.Current.CancellationToken);
        var busy = await LatenciesAsync("during", 0, import);
        await import;
        Assert.Equal(Length, await host.ValueAsync<long>("select size from audience where id = $1", list));
        Assert.Equal(quiet.Count + busy.Count, await host.ValueAsync<long>("select count(*) from event where id like 'before-%' or id like 'during-%'"));

        // Rows keep the number of the transaction that wrote them: none wrote more than a thousand, so none held more locks.
        Assert.InRange(await host.ValueAsync<long>("select max(n) from (select count(*) as n from list_entry where audience_id = $1 group by xmin::text) t", list), 1, 1000);
        Assert.InRange(await host.ValueAsync<long>("select max(n) from (select count(*) as n from identity group by xmin::text) t"), 1, 1000);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Append, median of {quiet.Count} alone: {Median(quiet):F2} ms; of {busy.Count} beside the import: {Median(busy):F2} ms (slowest {busy.Max():F1} ms)");
    }

    [Fact]
    public async Task No_event_waits_for_the_rest_of_a_list()
    {
        var list = await CreateAsync("slow");
        var gate = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        await using var scope = host.Services.CreateAsyncScope();
        var import = scope.ServiceProvider.GetRequiredService<ListImport>()
            .ReplaceAsync(new(list), SlowBody(), new(MemberFormat.Csv, "email"), TestContext.Current.CancellationToken);
        await reached.Task;
        // The list is half read and its client is thinking: nobody on it is locked.
        for (var n = 0; n < 5; n++)
            Assert.Equal((1, 0), await host.BrowseAsync(Event($"waits-{n}", View, null, $"email:slow-{n}@example.com")));
        gate.SetResult();
        Assert.Equal(1600, (await import).Imported);

        async IAsyncEnumerable<RequestLine> SlowBody()
        {
            for (var n = 0; n < 1600; n++)
            {
                if (n == 1500)
                {
                    reached.SetResult();
                    await gate.Task;
                }

                yield return new(n + 1, Encoding.UTF8.GetBytes($"slow-{n}@example.com"), false);
            }
        }
    }

    private async Task<List<double>> LatenciesAsync(string name, int atLeast, Task until)
    {
        var latencies = new List<double>();
        for (var n = 0; n < atLeast || !until.IsCompleted; n++)
        {
            var started = Stopwatch.GetTimestamp();
            // Every other one is on the list.
            await host.BrowseAsync(Event($"{name}-{n}", View, null, n % 2 == 0 ? $"email:member-{n * 37 % Length}@example.com" : $"ECID:{name}-{n}"));
            latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return latencies;
    }

    private async Task ImportAsync(Guid list)
    {
        var body = new StringBuilder();
        for (var n = 0; n < Length; n++)
            body.Append("member-").Append(n).Append("@example.com\n");
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Put, $"/v1/audiences/{list}/members?namespace=email", body.ToString(), "text/csv");
        Assert.Equal(Length, (int)(await answer.JsonAsync(HttpStatusCode.OK))["imported"]!);
    }

    private async Task<Guid> CreateAsync(string name) =>
        Guid.Parse((string)(await host.Admin.PostJsonAsync("/v1/audiences", $$"""{ "name": "{{name}}" }""", HttpStatusCode.Created))["id"]!);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
