namespace PersonalizationPlatform.Conditions;

/// <summary>Many values, so arranged that one equal to another is found at once. Agrees with <see cref="Comparison.AreEqual"/>.</summary>
internal sealed class ValueSet
{
    private readonly HashSet<string> _texts = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<decimal> _numbers = [];
    private readonly HashSet<decimal> _digits = [];

    public ValueSet(IReadOnlyList<FieldValue> values)
    {
        foreach (var value in values)
        {
            _texts.Add(FieldValues.Show(value));
            if (value is FieldValue.Truth truth)
                _digits.Add(truth.Value ? 1 : 0);
            else if (FieldValues.TryNumber(value, out var number))
                _numbers.Add(number);
        }
    }

    /// <summary>Whether one of the values equals this one.</summary>
    public bool Has(FieldValue value)
    {
        if (_texts.Contains(FieldValues.Show(value)))
            return true;
        if (value is FieldValue.Truth truth)
            return _numbers.Contains(truth.Value ? 1 : 0);
        return FieldValues.TryNumber(value, out var number) && (_digits.Contains(number) || _numbers.Contains(number));
    }
}
