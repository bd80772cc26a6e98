using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Conditions;

/// <summary>Random histories and random trees from a seed, small enough that everything meets everything.</summary>
internal sealed class Wild(int seed)
{
    public static readonly string[] Windows = ["PT1H", "PT2H", "PT3H", "P1D", "P1DT1H", "P1M", "P1MT1H", "P7D"];

    /// <summary>The end of January, so that calendar months overtake each other.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 29, 22, 0, 0, TimeSpan.Zero);

    private static readonly string[] Kinds = ["a", "b", "c"];
    private static readonly string[] Numeric = ["equals", "notEquals", "greaterThan", "atLeast", "lessThan", "atMost"];

    private readonly Random _random = new(seed);

    /// <summary>Hours the history spans: close together, so that edges meet, or over several days, so that calendar months do.</summary>
    private readonly int _span = seed % 3 == 0 ? 6 : 52;

    public FactsBuilder History()
    {
        var facts = new FactsBuilder();
        for (var i = _random.Next(9); i > 0; i--)
            facts.Event(Pick(Kinds), Time(), new EventContent { Items = Items() });
        for (var order = _random.Next(4); order > 0; order--)
        {
            for (var part = _random.Next(1, 4); part > 0; part--)
            {
                facts.Part($"o{order}", Pick(["completeCheckout", "backofficeOrderPlaced", "orderCancelled", "orderShipmentCompleted"]), Time(),
                    new OrderContent { PurchaseId = $"o{order}", PriceTotal = _random.Next(3) == 0 ? null : _random.Next(4) * 10 }, Items());
            }
        }

        for (var i = _random.Next(3); i > 0; i--)
            facts.Attribute("customerSince", Time(), Time());
        return facts;
    }

    /// <summary>Hours on a coarse grid, so that equal times are common; a few land weeks later.</summary>
    private DateTimeOffset Time() => Start.AddHours(_random.Next(_span)).AddDays(_random.Next(6) == 0 ? 27 : 0);

    private LineItem[] Items() =>
        [.. Enumerable.Range(0, _random.Next(3)).Select(_ => new LineItem { Sku = Pick(["x", "y"]), Quantity = _random.Next(4) == 0 ? null : _random.Next(1, 4), Total = 10 })];

    /// <summary>Every other tree is a single leaf, where nothing hides what it gets wrong.</summary>
    public string Tree() => Tree(seed % 2 == 0 ? 0 : 3);

    private string Tree(int depth)
    {
        if (depth > 0 && _random.Next(3) > 0)
            return Group(() => Tree(depth - 1));
        return _random.Next(9) switch
        {
            0 or 1 => $$"""{ "type": "happened", {{Event()}}, "{{Pick(["atLeast", "atMost", "exactly"])}}": {{_random.Next(1, 4)}}{{Period()}} }""",
            2 => $$"""{ "type": "firstTime", {{Event()}}{{EdgePeriod()}} }""",
            3 => $$"""{ "type": "lastTime", {{Event()}}{{EdgePeriod()}} }""",
            4 => Measure(),
            5 => $$"""{ "type": "anyOrder", "of": {{Where(order: true)}} }""",
            6 => $$"""{ "type": "compare", "field": "profile.customerSince", "operator": "{{Pick(["within", "olderThan", "anniversaryWithin"])}}", "value": "{{Pick(Windows)}}" }""",
            _ => Sequence(),
        };
    }

    private string Group(Func<string> inner) =>
        $$"""{ "type": "group", "match": "{{Pick(["all", "any", "none", "notAll"])}}", "of": [{{string.Join(", ", Enumerable.Range(0, _random.Next(4)).Select(_ => inner()))}}] }""";

    private string Event(bool orders = true)
    {
        var isOrder = orders && _random.Next(4) == 0;
        var where = _random.Next(3) == 0 ? $", \"where\": {Where(isOrder)}" : "";
        return $"\"event\": \"{(isOrder ? "orderPlaced" : Pick(Kinds))}\"{where}";
    }

    private string Where(bool order, int depth = 1)
    {
        if (depth > 0 && _random.Next(3) == 0)
            return Group(() => Where(order, depth - 1));
        return _random.Next(order ? 5 : 3) switch
        {
            0 => $$"""{ "type": "anyItem", "of": { "type": "compare", "field": "item.sku", "operator": "{{Pick(["oneOf", "notOneOf"])}}", "value": ["{{Pick(["x", "y"])}}"] } }""",
            1 => $$"""{ "type": "itemsTotal", "of": { "type": "compare", "field": "item.quantity", "operator": "{{Pick(Numeric)}}", "value": {{_random.Next(1, 3)}} }, "measure": "{{Pick(["quantity", "amount"])}}", "operator": "{{Pick(Numeric)}}", "value": {{_random.Next(3)}} }""",
            2 when !order => $$"""{ "type": "compare", "field": "event.at", "operator": "{{Pick(["within", "olderThan"])}}", "value": "{{Pick(Windows)}}" }""",
            2 or 3 => $$"""{ "type": "compare", "field": "order.total", "operator": "{{Pick(Numeric)}}", "value": {{_random.Next(4) * 10}} }""",
            _ => $$"""{ "type": "compare", "field": "order.status", "operator": "equals", "value": "{{Pick(["pending", "complete", "canceled"])}}" }""",
        };
    }

    private string Period() => _random.Next(6) switch
    {
        0 => "",
        1 => EdgePeriod().Replace("olderThan", "within", StringComparison.Ordinal),
        _ => $", \"within\": \"{Pick(Windows)}\"",
    };

    private string EdgePeriod() => _random.Next(5) switch
    {
        0 => $", \"since\": \"{Time():yyyy-MM-ddTHH:mm:ssZ}\"",
        1 => $", \"before\": \"{Time():yyyy-MM-ddTHH:mm:ssZ}\"",
        2 => ", \"between\": { \"from\": \"2026-01-30\", \"to\": \"2026-01-31\" }",
        3 => $", \"olderThan\": \"{Pick(Windows)}\"",
        _ => $", \"within\": \"{Pick(Windows)}\"",
    };

    private string Measure()
    {
        var comparison = $"\"operator\": \"{Pick(Numeric)}\", \"value\": {_random.Next(4)}";
        var calculate = Pick(["sum", "average", "min", "max", "distinct"]);
        return _random.Next(3) switch
        {
            0 => $$"""{ "type": "measure", {{Event()}}, "calculate": "count"{{Period()}}, {{comparison}} }""",
            1 => $$"""{ "type": "measure", {{Event(orders: false)}}, "calculate": "{{calculate}}", "field": "item.quantity", "items": { "type": "compare", "field": "item.sku", "operator": "oneOf", "value": ["x"] }{{Period()}}, {{comparison}} }""",
            _ => $$"""{ "type": "measure", "event": "orderPlaced", "calculate": "{{calculate}}", "field": "{{Pick(["order.total", "order.quantity"])}}"{{Period()}}, {{comparison}} }""",
        };
    }

    private string Sequence()
    {
        var steps = Enumerable.Range(0, _random.Next(1, 4))
            .Select(i => $"{{ {Event()}{(i > 0 && _random.Next(2) == 0 ? $", \"after\": \"{Pick(Windows)}\"" : "")} }}").ToList();
        var quiet = steps.Count == 1 || _random.Next(3) == 0;
        var without = _random.Next(2) == 0 ? $", \"without\": [{{ {Event()} }}]" : "";
        var tail = quiet ? $", \"quietFor\": \"{Pick(["PT1H", "PT2H", "P1D"])}\"" : "";
        if (_random.Next(2) == 0)
            tail += $", \"within\": \"{Pick(quiet ? ["P7D", "P1M"] : Windows)}\"";
        return $$"""{ "type": "sequence", "steps": [{{string.Join(", ", steps)}}]{{without}}{{tail}} }""";
    }

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
