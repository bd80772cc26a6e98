namespace PersonalizationPlatform.Conditions;

/// <summary>What kind of values a field has; it decides the operators.</summary>
public enum FieldType
{
    Text,
    Number,

    /// <summary>A number in a currency; amounts in another currency than asked for count as missing.</summary>
    Amount,
    Truth,
    Instant,

    /// <summary>A calendar day, held as midnight UTC.</summary>
    Date,
    TextList,

    /// <summary>Whatever was sent: custom attributes and raw event data.</summary>
    Any,
}

/// <summary>Reads a field; <paramref name="member"/> is what stands for the pattern's last part, empty for plain fields.</summary>
internal delegate FieldValue? FieldReader(in Scope scope, string member);

/// <summary>The currency a scope's amounts are in, null when it does not say.</summary>
internal delegate string? CurrencyReader(in Scope scope);

/// <summary>A field conditions can ask for, as <c>GET /v1/fields</c> lists it and as validation and evaluation use it.</summary>
public sealed class FieldDescription
{
    /// <summary>The name, or a pattern whose last part is in angle brackets: <c>profile.attributes.&lt;name&gt;</c>.</summary>
    public required string Name { get; init; }
    public required FieldType Type { get; init; }

    /// <summary>The places it may be used; any of them will do.</summary>
    public required FieldScope UsableIn { get; init; }
    public required string Description { get; init; }

    /// <summary>A condition's <c>value</c> that makes sense for it.</summary>
    public required string Example { get; init; }
    public ListMeaning Lists { get; init; }

    /// <summary>The parts the pattern's place may take; null when anything.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    public IReadOnlyList<Operator> Operators => Conditions.Operators.For(Type);

    /// <summary>Set by every entry of the catalogue; it cannot be <c>required</c> because it is less visible than the class.</summary>
    internal FieldReader Read { get; init; } = null!;
    internal CurrencyReader? Currency { get; init; }
    internal Action<Needs>? Needs { get; init; }

    /// <summary>For explanations: the profile attribute a field reads.</summary>
    internal Func<string, string>? Attribute { get; init; }

    internal bool IsPattern => Name.EndsWith('>');

    /// <summary>A pattern's name up to and including the dot before the angle bracket.</summary>
    internal string Prefix => IsPattern ? Name[..Name.IndexOf('<')] : Name;
}

/// <summary>A field as a condition names it.</summary>
public sealed record Field(string Name, FieldDescription Description, string Member)
{
    internal FieldValue? Read(in Scope scope) => Description.Read(scope, Member);

    /// <summary>Reads an amount in the wanted currency; one in another currency is missing, one without is the website's own.</summary>
    internal FieldValue? Read(in Scope scope, string? currency)
    {
        if (Description.Currency is not { } reader)
            return Description.Read(scope, Member);
        var own = scope.Moment.Website.Currency;
        return string.Equals(reader(scope) ?? own, currency ?? own, StringComparison.OrdinalIgnoreCase) ? Description.Read(scope, Member) : null;
    }

    public override string ToString() => Name;
}
