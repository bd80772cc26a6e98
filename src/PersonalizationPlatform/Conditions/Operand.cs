using System.Globalization;
using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>What a field is compared with, prepared once when the condition is read.</summary>
public abstract record Operand
{
    /// <summary>For operators that take nothing.</summary>
    public sealed record Nothing : Operand
    {
        public static readonly Nothing Value = new();
    }

    /// <summary>One or more texts, numbers or truths.</summary>
    public sealed record Values(IReadOnlyList<FieldValue> All, bool IsList) : Operand
    {
        /// <summary>Fewer are compared one by one faster.</summary>
        private const int Many = 16;

        private static readonly char[] Separators = [',', ';'];

        /// <summary>The values to look one up among; null when there are too few to bother.</summary>
        internal ValueSet? Set { get; } = All.Count > Many ? new ValueSet(All) : null;

        /// <summary>
        /// What one text with commas or semicolons means beside a value that is a list: a list as well. Beside a single value it is one text.
        /// Null when there is nothing to split.
        /// </summary>
        internal Values? Pieces { get; } =
            !IsList && All is [FieldValue.Text { Value: var text }] && text.AsSpan().ContainsAny(Separators) && Split(text) is { Count: > 0 } pieces ? new(pieces, true) : null;

        /// <summary>The day or instant that one text names; beside a value that names one too, these are compared.</summary>
        internal When? Time { get; } = !IsList && All is [FieldValue.Text { Value: var text }] ? When.Read(text) : null;

        /// <summary>The pieces of a text between commas and semicolons, without blanks around them, none of them empty.</summary>
        internal static IReadOnlyList<FieldValue> Split(string text) =>
            [.. text.Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(piece => new FieldValue.Text(piece))];

        public bool Equals(Values? other) => other is not null && IsList == other.IsList && EqualityComparer<IReadOnlyList<FieldValue>>.Default.Equals(All, other.All);

        public override int GetHashCode() => HashCode.Combine(All, IsList);
    }

    /// <summary>An instant, or a day: from its start up to, not including, its end.</summary>
    public sealed record When(DateTimeOffset From, DateTimeOffset End, bool WholeDay) : Operand
    {
        public static When Instant(DateTimeOffset at) => new(at, at.AddMicroseconds(1), false);

        public static When Day(DateTimeOffset start) => new(start, start.AddDays(1), true);

        /// <summary>A date or date and time as text.</summary>
        public static When? Read(string text) =>
            FieldValues.TryInstant(text, out var at, out var day) && at.Year is > 1 and < 9999 ? (day ? Day(at) : Instant(at)) : null;

        public string Show() => WholeDay ? From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : FieldValues.Show(From);
    }

    /// <summary>A length of time.</summary>
    public sealed record Span(Window Window) : Operand;

    public static Operand Of(params FieldValue[] values) => new Values(values, values.Length != 1);

    internal void Write(Utf8JsonWriter json)
    {
        switch (this)
        {
            case When time:
                json.WriteStringValue(time.Show());
                break;
            case Span span:
                json.WriteStringValue(span.Window.ToString());
                break;
            case Values { IsList: false } values:
                Write(json, values.All[0]);
                break;
            case Values values:
                json.WriteStartArray();
                foreach (var value in values.All)
                    Write(json, value);
                json.WriteEndArray();
                break;
        }
    }

    internal string Describe() => this switch
    {
        When time => time.Show(),
        Span span => span.Window.ToString(),
        Values values => string.Join(", ", values.All.Select(v => v is FieldValue.Text t ? $"\"{t.Value}\"" : FieldValues.Show(v))),
        _ => "",
    };

    private static void Write(Utf8JsonWriter json, FieldValue value)
    {
        switch (value)
        {
            case FieldValue.Number number: json.WriteNumberValue(number.Value); break;
            case FieldValue.Truth truth: json.WriteBooleanValue(truth.Value); break;
            default: json.WriteStringValue(FieldValues.Show(value)); break;
        }
    }
}
