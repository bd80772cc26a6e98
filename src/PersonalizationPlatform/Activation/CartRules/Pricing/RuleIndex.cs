using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>Finds the rules a cart may meet by what they cannot do without, instead of asking every one. Rules that need a coupon are not in it.</summary>
internal sealed class RuleIndex
{
    private readonly ulong[] _always;
    private readonly FieldEntries[] _cartFields;
    private readonly FieldEntries[] _lineFields;
    private readonly (Condition Membership, int[] Rules)[] _memberships;

    public RuleIndex(PreparedRule[] rules)
    {
        _always = new ulong[Words(rules.Length)];
        var fields = new Dictionary<string, FieldEntries>(StringComparer.Ordinal);
        var memberships = new Dictionary<Condition, List<int>>();
        for (var i = 0; i < rules.Length; i++)
        {
            if (rules[i].NeedsCoupon)
                continue;
            if (rules[i].Necessary is not { } necessary)
            {
                Set(_always, i);
                continue;
            }

            foreach (var (field, value) in necessary.Values)
            {
                if (!fields.TryGetValue(field.Name, out var entries))
                    fields[field.Name] = entries = new FieldEntries(field);
                entries.Add(value, i);
            }

            foreach (var membership in necessary.Memberships)
            {
                if (!memberships.TryGetValue(membership, out var list))
                    memberships[membership] = list = [];
                list.Add(i);
            }
        }

        _cartFields = [.. fields.Values.Where(f => !f.OfLines)];
        _lineFields = [.. fields.Values.Where(f => f.OfLines)];
        _memberships = [.. memberships.Select(m => (m.Key, m.Value.ToArray()))];
    }

    public static int Words(int rules) => (rules + 63) / 64;

    public static void Set(Span<ulong> bits, int rule) => bits[rule >> 6] |= 1UL << (rule & 63);

    /// <summary>Sets the bit of every rule that may be met.</summary>
    /// <returns>When time alone may change which these are.</returns>
    public DateTimeOffset? Find(in Scope scope, Checkout checkout, Span<ulong> bits)
    {
        _always.CopyTo(bits);
        foreach (var entries in _cartFields)
            entries.Find(scope, bits);
        if (_lineFields.Length > 0)
        {
            for (var i = 0; i < checkout.Lines.Count; i++)
                FindByLine(scope, checkout.Lines[i], bits);
        }

        DateTimeOffset? changesAt = null;
        foreach (var (membership, rules) in _memberships)
        {
            var verdict = membership.Evaluate(scope);
            changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
            if (!verdict.Matches)
                continue;
            foreach (var rule in rules)
                Set(bits, rule);
        }

        return changesAt;
    }

    private void FindByLine(in Scope scope, CheckoutLine line, Span<ulong> bits)
    {
        var inside = scope with { Line = line };
        foreach (var entries in _lineFields)
            entries.Find(inside, bits);
        for (var i = 0; i < line.Children.Count; i++)
            FindByLine(scope, line.Children[i], bits);
    }

    /// <summary>The rules that need one of some values of one field: numbers by value, other text without regard to case.</summary>
    private sealed class FieldEntries(Field field)
    {
        private readonly Dictionary<string, List<int>> _texts = new(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<decimal, List<int>> _numbers = [];

        public bool OfLines { get; } = field.Description.UsableIn.HasFlag(FieldScope.CartLine);

        public void Add(FieldValue value, int rule)
        {
            if (AsNumber(value) is { } number)
                Add(_numbers, number, rule);
            if (AsText(value) is { } text)
                Add(_texts, text, rule);
        }

        public void Find(in Scope scope, Span<ulong> bits)
        {
            switch (field.Read(scope))
            {
                case FieldValue.Many many:
                    for (var i = 0; i < many.Values.Count; i++)
                        Find(many.Values[i], bits);
                    break;
                case { } value:
                    Find(value, bits);
                    break;
            }
        }

        private void Find(FieldValue value, Span<ulong> bits)
        {
            if (AsNumber(value) is { } number && _numbers.TryGetValue(number, out var byNumber))
                Set(bits, byNumber);
            if (AsText(value) is { } text && _texts.TryGetValue(text, out var byText))
                Set(bits, byText);
        }

        private static void Set(Span<ulong> bits, List<int> rules)
        {
            foreach (var rule in rules)
                RuleIndex.Set(bits, rule);
        }

        private static void Add<TKey>(Dictionary<TKey, List<int>> entries, TKey key, int rule)
            where TKey : notnull
        {
            if (!entries.TryGetValue(key, out var rules))
                entries[key] = rules = [];
            if (rules is not [.., var last] || last != rule)
                rules.Add(rule);
        }

        /// <summary>A truth is found as the digit and as the word it equals.</summary>
        private static decimal? AsNumber(FieldValue value) =>
            value is FieldValue.Truth truth ? (truth.Value ? 1 : 0) : FieldValues.TryNumber(value, out var number) ? number : null;

        private static string? AsText(FieldValue value) => value is not FieldValue.Truth && FieldValues.TryNumber(value, out _) ? null : FieldValues.Show(value);
    }
}
