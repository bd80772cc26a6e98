namespace PersonalizationPlatform.Conditions;

/// <summary>A value of a field: text, number, truth, instant, or a list of values. Missing is null, never an empty value.</summary>
public abstract record FieldValue
{
    public sealed record Text(string Value) : FieldValue
    {
        private const int Unknown = 0, IsNumber = 1, IsNoNumber = 2;
        private decimal _number;
        private volatile int _state;

        /// <summary>The text read as a number, once: rules compare the same texts over and over.</summary>
        internal bool TryNumber(out decimal number)
        {
            if (_state == Unknown)
            {
                // Two threads that race read the same; the number is written before it is announced.
                var isNumber = FieldValues.TryNumber(Value, out var read);
                if (isNumber)
                    _number = read;
                _state = isNumber ? IsNumber : IsNoNumber;
            }

            number = _state == IsNumber ? _number : 0;
            return _state == IsNumber;
        }

        public bool Equals(Text? other) => other is not null && Value == other.Value;

        public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
    }

    public sealed record Number(decimal Value) : FieldValue;

    public sealed record Truth(bool Value) : FieldValue;

    public sealed record Instant(DateTimeOffset Value) : FieldValue;

    public sealed record Many(IReadOnlyList<FieldValue> Values) : FieldValue;
}
