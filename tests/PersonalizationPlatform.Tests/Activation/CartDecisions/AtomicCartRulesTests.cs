using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.CartDecisions;

public sealed class AtomicCartRulesTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>
{
    private const int Rounds = 25;

    [Fact]
    public async Task While_two_rules_take_turns_no_cart_on_any_node_gets_both_or_neither()
    {
        await using var other = await SecondNode.StartAsync(server, host);
        var three = (Guid)(await host.RuleAsync("""
            "name": "Three", "action": "by_fixed", "amount": 3
            """))["id"]!;
        var five = (Guid)(await host.RuleAsync("""
            "name": "Five", "action": "by_fixed", "amount": 5, "status": "paused"
            """))["id"]!;
        var seen = new ConcurrentDictionary<decimal, int>();
        var over = false;
        var deciding = Traffic.AtOnceAsync(4, async n =>
        {
            while (!Volatile.Read(ref over))
                seen.AddOrUpdate((await (n % 2 == 0 ? host : other).Browser.DecideAsync()).Discount(), 1, (_, times) => times + 1);
        });
        try
        {
            for (var round = 1; round <= Rounds; round++)
            {
                var toFive = round % 2 == 1;
                await SwitchAsync(toFive ? three : five, toFive ? five : three);
                // Live everywhere as soon as the step is done.
                Assert.Equal(toFive ? 5m : 3m, (await host.Browser.DecideAsync()).Discount());
                Assert.Equal(toFive ? 5m : 3m, (await other.Browser.DecideAsync()).Discount());
            }
        }
        finally
        {
            Volatile.Write(ref over, true);
            await deciding;
        }

        Assert.Equal([3m, 5m], seen.Keys.Order());
    }

    private async Task SwitchAsync(Guid off, Guid on)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var editor = scope.ServiceProvider.GetRequiredService<CartRuleEditor>();
        var changes = scope.ServiceProvider.GetRequiredService<DefinitionChanges>();
        var whichever = EntityVersion.IfMatch(new Microsoft.AspNetCore.Http.DefaultHttpContext().Request, optional: true);
        var cancellation = TestContext.Current.CancellationToken;
        await changes.InOneStepAsync(async () =>
        {
            await editor.MoveToAsync(off, DefinitionStatus.Paused, whichever, cancellation);
            return await editor.MoveToAsync(on, DefinitionStatus.Live, whichever, cancellation);
        }, cancellation);
    }
}
