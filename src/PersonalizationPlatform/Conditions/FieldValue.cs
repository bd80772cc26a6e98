namespace PersonalizationPlatform.Conditions;

/// <summary>A value of a field: text, number, truth, instant, or a list of values. Missing is null, never an empty value.</summary>
public abstract record FieldValue
{
    public sealed record Text(string Value) : FieldValue;

    public sealed record Number(decimal Value) : FieldValue;

    public sealed record Truth(bool Value) : FieldValue;

    public sealed record Instant(DateTimeOffset Value) : FieldValue;

    public sealed record Many(IReadOnlyList<FieldValue> Values) : FieldValue;
}
