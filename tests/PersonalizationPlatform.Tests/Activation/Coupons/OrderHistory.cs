using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Activation.Coupons;

/// <summary>What happens to one order. Where it is edited by calls, events name no code that these do not speak of: whether such a code is left out depends on who knows it first.</summary>
internal sealed class OrderHistory
{
    private static readonly string?[] Statuses = [null, null, "processing", "canceled", "payment_failed"];

    public OrderHistory(int seed)
    {
        var random = new Random(seed);
        var who = random.Next(2) == 0 ? "ann" : "guest";
        var edits = random.Next(2) == 0;
        string?[] names = edits ? [null, "A", "B", "A,B"] : [null, "A", "B", "C", "D", "C,D"];
        if (random.Next(4) > 0)
        {
            Calls.AddRange([$"reserve {who} A B", "redeem"]);
            if (edits)
                Calls.AddRange([$"edit {who} {Pick(random, ["", "A", "C", "B C"])}", "redeemEdit"]);
            if (random.Next(3) == 0)
                Calls.Add("release");
        }

        for (var n = 0; n < random.Next(1, 7); n++)
        {
            var type = Pick(random, [Purchase, Placed, OrderUsesTests.Updated, OrderUsesTests.Updated, OrderCancelled]);
            Events.Add(new(n, type, Pick(random, names), -300 + (n * 7), random.Next(2) == 0, type == OrderUsesTests.Updated ? Pick(random, Statuses) : null));
        }
    }

    public List<ToldEvent> Events { get; } = [];

    public List<string> Calls { get; } = [];

    private static T Pick<T>(Random random, T[] of) => of[random.Next(of.Length)];
}

/// <summary>One event of an order.</summary>
internal sealed record ToldEvent(int Number, string Type, string? Code, int Minute, bool Customer, string? Status);
