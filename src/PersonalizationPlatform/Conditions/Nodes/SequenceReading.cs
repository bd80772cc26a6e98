namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>Reads a sequence.</summary>
internal static class SequenceReading
{
    private const int MaxSteps = 20;

    public static Sequence? Parse(NodeReader node)
    {
        var first = true;
        var steps = node.Objects("steps", required: true, step =>
        {
            var source = EventSource.Parse(step);
            var after = step.Duration("after");
            if (after is not null && first)
                step.Fail("after", "condition.contradictory", "The first step follows nothing, so it takes no after.");
            first = false;
            return source is null ? null : new Step(source, after);
        });
        if (steps is { Count: 0 or > MaxSteps })
            node.Fail("steps", "condition.emptyList", $"A sequence has 1 to {MaxSteps} steps.");
        var without = node.Has("without") ? node.Objects("without", required: false, EventSource.Parse) : [];
        node.Raw("without");
        if (without is { Count: > MaxSteps })
            node.Fail("without", "condition.tooLarge", $"without names at most {MaxSteps} events.");
        var within = node.Duration("within");
        var quietFor = node.Duration("quietFor");
        var reference = new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);
        if (within is { } window && quietFor is { } quiet && quiet.EndOf(reference) >= window.EndOf(reference))
            node.Fail("quietFor", "condition.contradictoryWindow", "quietFor must be shorter than within, else nothing can satisfy both.");
        if (steps is { Count: 1 } && without is { Count: > 0 } && quietFor is null && !node.Has("quietFor"))
            node.Fail("without", "condition.contradictory", "With one step there is nothing in between; add quietFor for \"and none of these since\".");
        return steps is null || without is null ? null : new Sequence(steps, without, within, quietFor);
    }
}
