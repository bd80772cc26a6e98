namespace PersonalizationPlatform.Vocabulary;

/// <summary>An amount in one currency (ISO 4217). Amounts of different currencies are never added or compared.</summary>
public readonly record struct Money(decimal Amount, string Currency)
{
    public override string ToString() => FormattableString.Invariant($"{Amount} {Currency}");
}
