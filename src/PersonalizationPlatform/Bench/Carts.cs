using System.Diagnostics;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Bench;

/// <summary>How long the rules need for one cart, inside the service: 20 lines against 1,000 rules, with three segments and a coupon.</summary>
internal static class Carts
{
    private const int Lines = 20;
    private const int Rules = 1_000;
    private const int Different = 200;

    public static Task RunAsync(BenchStage stage)
    {
        var rules = CartRuleMix.Rules(Rules);
        var random = new Random(20_260_615);
        var asked = Enumerable.Range(0, Different).Select(i => (Cart: CartRuleMix.Cart(random, Lines), Context: Context(i))).ToArray();
        var warm = Stopwatch.StartNew();
        for (var i = 0; i < 10 * Different && warm.Elapsed.TotalSeconds < 2 * stage.Options.Seconds; i++)
            CartPricing.Decide(rules, asked[i % Different].Cart, asked[i % Different].Context, false);

        var latencies = new List<long>();
        var applied = 0L;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var processor = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < stage.Options.Seconds)
        {
            var (cart, context) = asked[latencies.Count % Different];
            var from = Stopwatch.GetTimestamp();
            applied += CartPricing.Decide(rules, cart, context, false).AppliedRules.Count;
            latencies.Add(Stopwatch.GetTimestamp() - from);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)latencies.Count;
        var perSecond = latencies.Count / watch.Elapsed.TotalSeconds;
        var each = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / latencies.Count;
        latencies.Sort();
        stage.Report.Add(new BenchRow("cart rules", $"{Lines} lines, {Rules} rules", perSecond, At(latencies, 0.5), At(latencies, 0.99)) { Bytes = bytes });
        stage.Report.Say(FormattableString.Invariant($"  {each:0.000} ms of processor time, {bytes:N0} bytes allocated and {applied / (double)latencies.Count:0.0} rules applied for each cart"));
        return Task.CompletedTask;
    }

    private static CartContext Context(int number)
    {
        var segments = new HashSet<Guid> { CartRuleMix.Segment(number % CartRuleMix.Segments), CartRuleMix.Segment(number * 3 % CartRuleMix.Segments), CartRuleMix.Segment(number * 7 % CartRuleMix.Segments) };
        return new()
        {
            At = new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero),
            Day = new DateOnly(2026, 6, 15),
            Website = WebsiteSettings.Base,
            CustomerGroup = 1,
            IsCustomer = true,
            Segments = id => segments.Contains(id.Value) ? Verdict.True : Verdict.False,
            Audiences = _ => Verdict.False,
            Coupons = [new CartCoupon("CODE", CartRuleMix.RuleId((number % 10 * 100) + 75))],
        };
    }

    private static double At(List<long> sorted, double share) =>
        Stopwatch.GetElapsedTime(0, sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)]).TotalMilliseconds;
}
