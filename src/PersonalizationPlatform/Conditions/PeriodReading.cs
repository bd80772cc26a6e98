namespace PersonalizationPlatform.Conditions;

/// <summary>Reads the members that say which stretch of time a condition looks at; at most one of them may stand in a node.</summary>
internal static class PeriodReading
{
    private static readonly string[] Members = ["within", "since", "between", "before", "olderThan"];

    /// <summary>The period, <see cref="Period.Ever"/> when none is given and none is needed, null when it is wrong.</summary>
    public static Period? Period(this NodeReader node, bool required = false, bool olderThan = false)
    {
        var given = Members.Where(m => node.Has(m) && (olderThan || m != "olderThan")).ToList();
        var periods = given.ConvertAll(name => Read(node, name));
        if (given.Count > 1)
        {
            node.Fail(given[1], "condition.contradictoryWindow", $"At most one of {string.Join(", ", given)} may be given; combine two conditions in a group instead.");
            return null;
        }

        if (given.Count == 1)
            return periods[0];
        foreach (var member in Members.Where(m => olderThan || m != "olderThan"))
            node.Raw(member);
        if (!required)
            return Conditions.Period.Ever.Value;
        node.Fail("within", "condition.missingMember", "One of within, since, between, before and olderThan is needed here.");
        return null;
    }

    private static Period? Read(NodeReader node, string name)
    {
        switch (name)
        {
            case "within":
                return node.Duration(name) is { } within ? new Period.Within(within) : null;
            case "olderThan":
                return node.Duration(name) is { } older ? new Period.OlderThan(older) : null;
            case "since":
                return node.Instant(name) is { } since ? new Period.Since(since) : null;
            case "before":
                return node.Instant(name) is { } before ? new Period.Before(before) : null;
        }

        if (node.Object(name) is not { } between)
            return null;
        var from = between.Instant("from", required: true);
        var to = between.Instant("to", required: true);
        between.Finish();
        if (from is null || to is null)
            return null;
        if (to.End > from.From)
            return new Period.Between(from, to);
        between.Fail("to", "condition.contradictoryWindow", "to must not be earlier than from.");
        return null;
    }
}
