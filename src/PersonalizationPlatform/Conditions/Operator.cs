namespace PersonalizationPlatform.Conditions;

/// <summary>How a field is compared. Negative operators are the exact inverse of their positive one, so a missing value satisfies them.</summary>
public enum Operator
{
    Equals,
    NotEquals,
    GreaterThan,
    AtLeast,
    LessThan,
    AtMost,
    Contains,
    NotContains,
    OneOf,
    NotOneOf,
    StartsWith,
    EndsWith,
    Exists,
    Missing,
    Before,
    After,
    Within,
    OlderThan,
    AnniversaryWithin,
}

/// <summary>What an operator takes as its <c>value</c>.</summary>
public enum OperandKind
{
    /// <summary>No <c>value</c> at all.</summary>
    None,

    /// <summary>One text, number or truth.</summary>
    Scalar,

    /// <summary>One value or a list of them.</summary>
    ScalarOrList,

    /// <summary>A list, or one text split at commas and semicolons.</summary>
    List,

    /// <summary>A date (a whole day in UTC) or an instant.</summary>
    Instant,

    /// <summary>An ISO 8601 duration.</summary>
    Duration,
}

/// <summary>An operator as <c>GET /v1/fields</c> lists it.</summary>
public sealed record OperatorDescription(Operator Operator, string Name, OperandKind Takes, string Words, string Description);

/// <summary>The operators, their names in JSON and their words in sentences.</summary>
public static class Operators
{
    public static readonly IReadOnlyList<OperatorDescription> All =
    [
        new(Operator.Equals, "equals", OperandKind.ScalarOrList, "is", "Text without regard to case, numbers by value (\"100\" equals 100.00). A list equals one value only if it has exactly that element, and a list if they overlap."),
        new(Operator.NotEquals, "notEquals", OperandKind.ScalarOrList, "is not", "The inverse of equals; true when the field is missing."),
        new(Operator.GreaterThan, "greaterThan", OperandKind.Scalar, "is greater than", "Numbers by value, instants by time (later than the whole day when a date is given), otherwise text in order. False when the field is missing or a list."),
        new(Operator.AtLeast, "atLeast", OperandKind.Scalar, "is at least", "Greater than or equal; false when the field is missing or a list."),
        new(Operator.LessThan, "lessThan", OperandKind.Scalar, "is less than", "Smaller; false when the field is missing or a list."),
        new(Operator.AtMost, "atMost", OperandKind.Scalar, "is at most", "Smaller or equal; false when the field is missing or a list."),
        new(Operator.Contains, "contains", OperandKind.ScalarOrList, "contains", "On text a substring without regard to case, on a list membership; given a list, any of them."),
        new(Operator.NotContains, "notContains", OperandKind.ScalarOrList, "does not contain", "The inverse of contains; true when the field is missing."),
        new(Operator.OneOf, "oneOf", OperandKind.List, "is one of", "Equals any of the values; on a list, any overlap."),
        new(Operator.NotOneOf, "notOneOf", OperandKind.List, "is none of", "The inverse of oneOf; true when the field is missing."),
        new(Operator.StartsWith, "startsWith", OperandKind.ScalarOrList, "starts with", "Text without regard to case; on a list, any element."),
        new(Operator.EndsWith, "endsWith", OperandKind.ScalarOrList, "ends with", "Text without regard to case; on a list, any element."),
        new(Operator.Exists, "exists", OperandKind.None, "is known", "The field has a value."),
        new(Operator.Missing, "missing", OperandKind.None, "is not known", "The field has no value."),
        new(Operator.Before, "before", OperandKind.Instant, "is before", "Earlier than the instant, or than the start of the day."),
        new(Operator.After, "after", OperandKind.Instant, "is after", "Later than the instant, or than the end of the day."),
        new(Operator.Within, "within", OperandKind.Duration, "is within the last", "The instant has passed and its time plus the duration has not."),
        new(Operator.OlderThan, "olderThan", OperandKind.Duration, "is longer ago than", "The instant plus the duration has passed."),
        new(Operator.AnniversaryWithin, "anniversaryWithin", OperandKind.Duration, "has its anniversary within the next", "The day's yearly return (UTC; 29 February on the 28th in common years) is today or starts within the duration; P0D is today."),
    ];

    public static OperatorDescription Of(Operator op) => All[(int)op];

    public static OperatorDescription? Find(string name) => All.FirstOrDefault(o => o.Name == name);

    /// <summary>The operators that compare two numbers, for counts and sums.</summary>
    public static readonly IReadOnlyList<Operator> Numeric =
        [Operator.Equals, Operator.NotEquals, Operator.GreaterThan, Operator.AtLeast, Operator.LessThan, Operator.AtMost];

    /// <summary>The operators a type of field can be asked with.</summary>
    public static IReadOnlyList<Operator> For(FieldType type) => type switch
    {
        FieldType.Text => Text,
        FieldType.Number or FieldType.Amount => Number,
        FieldType.Truth => Truth,
        FieldType.Instant or FieldType.Date => Instant,
        FieldType.TextList => TextList,
        _ => Any,
    };

    private static readonly Operator[] Ordering = [Operator.GreaterThan, Operator.AtLeast, Operator.LessThan, Operator.AtMost];
    private static readonly Operator[] Presence = [Operator.Exists, Operator.Missing];

    private static readonly Operator[] TextList =
    [
        Operator.Equals, Operator.NotEquals, Operator.Contains, Operator.NotContains, Operator.OneOf, Operator.NotOneOf,
        Operator.StartsWith, Operator.EndsWith, .. Presence,
    ];

    private static readonly Operator[] Text = [.. TextList, .. Ordering];
    private static readonly Operator[] Number = [.. Numeric, Operator.OneOf, Operator.NotOneOf, .. Presence];
    private static readonly Operator[] Truth = [Operator.Equals, Operator.NotEquals, .. Presence];

    private static readonly Operator[] Instant =
    [
        Operator.Equals, Operator.NotEquals, .. Ordering, Operator.Before, Operator.After,
        Operator.Within, Operator.OlderThan, Operator.AnniversaryWithin, .. Presence,
    ];

    private static readonly Operator[] Any = [.. All.Select(o => o.Operator)];
}
