using System.Globalization;
using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Edge;

/// <summary>Parts of a JSON text as slices of its bytes: nothing is built, and no depth is too deep.</summary>
internal static class JsonSlices
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The one object that the body is. 400 <c>request.notJson</c>.</summary>
    public static ReadOnlyMemory<byte> Object(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        var reader = new Utf8JsonReader(body.Span, AnyDepth);
        try
        {
            reader.Read();
            var whole = Value(body, ref reader);
            while (reader.Read())
            {
            }

            return IsObject(whole) ? whole : throw new ProblemException(400, "request.notJson", "The body is not a JSON object.");
        }
        catch (JsonException malformed)
        {
            throw new ProblemException(400, "request.notJson",
                $"The body is not JSON: line {(malformed.LineNumber ?? 0) + 1}, byte {(malformed.BytePositionInLine ?? 0) + 1}.");
        }
    }

    public static bool IsObject(ReadOnlyMemory<byte> json) => json.Length > 0 && json.Span[0] == '{';

    /// <summary>The value at a path of members; empty when there is none. Of members given twice, the last.</summary>
    public static ReadOnlyMemory<byte> At(ReadOnlyMemory<byte> json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            json = Member(json, name);
        return json;
    }

    /// <summary>The elements of an array; an object stands for a list of itself, anything else for none.</summary>
    public static List<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> json, int most)
    {
        if (IsObject(json))
            return [json];
        var elements = new List<ReadOnlyMemory<byte>>();
        if (json.Length == 0 || json.Span[0] != '[')
            return elements;
        var reader = new Utf8JsonReader(json.Span, AnyDepth);
        reader.Read();
        while (elements.Count < most && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            elements.Add(Value(json, ref reader));
        return elements;
    }

    /// <summary>The names and values of an object's members, none of anything else; a name that is no text is left out.</summary>
    public static List<(string Name, ReadOnlyMemory<byte> Value)> Members(ReadOnlyMemory<byte> json, int most)
    {
        var members = new List<(string, ReadOnlyMemory<byte>)>();
        if (!IsObject(json))
            return members;
        var reader = new Utf8JsonReader(json.Span, AnyDepth);
        reader.Read();
        while (members.Count < most && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref reader);
            reader.Read();
            var value = Value(json, ref reader);
            if (name is not null)
                members.Add((name, value));
        }

        return members;
    }

    /// <summary>A text or a number as text; null for anything else and for half a surrogate pair.</summary>
    public static string? Text(ReadOnlyMemory<byte> json)
    {
        if (json.Length == 0 || !(json.Span[0] is (byte)'"' or (byte)'-' || char.IsAsciiDigit((char)json.Span[0])))
            return null;
        var reader = new Utf8JsonReader(json.Span, AnyDepth);
        reader.Read();
        return Text(ref reader);
    }

    /// <summary>A number; null for anything else.</summary>
    public static double? Number(ReadOnlyMemory<byte> json) =>
        json.Length > 0 && json.Span[0] != '"' && double.TryParse(Text(json), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static ReadOnlyMemory<byte> Member(ReadOnlyMemory<byte> json, string name)
    {
        if (!IsObject(json))
            return default;
        ReadOnlyMemory<byte> found = default;
        var reader = new Utf8JsonReader(json.Span, AnyDepth);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var matches = JsonText.IsNamed(ref reader, name);
            reader.Read();
            var value = Value(json, ref reader);
            if (matches)
                found = value;
        }

        return found;
    }

    /// <summary>The value the reader stands on, which it reads to its end.</summary>
    private static ReadOnlyMemory<byte> Value(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                ? reader.GetString()
                : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
