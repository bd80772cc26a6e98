namespace PersonalizationPlatform.Conditions;

/// <summary>Finds what somebody who mistyped probably meant.</summary>
internal static class Nearest
{
    /// <summary>" Did you mean …?" when a name is close enough, else a list of what is possible when it is short, else nothing.</summary>
    public static string Hint(string typed, IEnumerable<string> names)
    {
        var all = names.ToList();
        if (typed.Length <= 100)
        {
            var (best, distance) = ("", int.MaxValue);
            foreach (var name in all)
            {
                var d = Distance(typed.ToLowerInvariant(), name.ToLowerInvariant());
                if (d < distance)
                    (best, distance) = (name, d);
            }

            if (distance <= Math.Max(2, typed.Length / 3))
                return $" Did you mean {best}?";
        }

        return all.Count is > 0 and <= 20 ? $" Possible here: {string.Join(", ", all)}." : "";
    }

    /// <summary>Edits between two texts, a swap of neighbours counting as one.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
