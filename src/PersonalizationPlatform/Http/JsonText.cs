using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Http;

/// <summary>
/// Whether the texts of JSON, names of members included, can be kept: PostgreSQL keeps no NUL, and .NET makes no text of half a surrogate
/// pair or of bytes that are no UTF-8. Told here once, they need not be feared by whoever reads the JSON afterwards.
/// </summary>
internal static class JsonText
{
    private const string Code = "json.text";

    /// <summary>Adds an error for every unusable text, at most <see cref="StrictJson.MaxErrors"/> of them, each with its path.</summary>
    /// <param name="json">What to look through.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="errors">What is wrong.</param>
    public static void Check(JsonElement json, string path, List<ProblemError> errors)
    {
        if (IsPlain(json))
            return;
        var most = errors.Count + StrictJson.MaxErrors;
        var open = new Stack<(JsonElement Value, JsonPath Path)>();
        open.Push((json, new(null, path, -1)));
        while (errors.Count < most && open.TryPop(out var next))
        {
            switch (next.Value.ValueKind)
            {
                case JsonValueKind.String when !IsText(next.Value.GetString):
                    errors.Add(new(next.Path.ToString(), Code, "This text holds a NUL or half a surrogate pair."));
                    break;
                case JsonValueKind.Array:
                    var index = 0;
                    foreach (var item in next.Value.EnumerateArray())
                        open.Push((item, next.Path.Element(index++)));
                    break;
                case JsonValueKind.Object:
                    foreach (var member in next.Value.EnumerateObject())
                    {
                        if (errors.Count >= most)
                            return;
                        if (IsText(() => member.Name))
                            open.Push((member.Value, next.Path.Member(member.Name)));
                        else
                            errors.Add(new(next.Path.ToString(), Code, "A member's name holds a NUL or half a surrogate pair."));
                    }

                    break;
            }
        }
    }

    /// <summary>A member of JSON that was not checked; null when there is none, or one beside it whose name is no text.</summary>
    public static JsonElement? Member(JsonElement json, ReadOnlySpan<byte> name)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether the name of the member that was read last is this one; false, too, when it is no text.</summary>
    public static bool IsNamed(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <inheritdoc cref="IsNamed(ref Utf8JsonReader, ReadOnlySpan{byte})"/>
    public static bool IsNamed(ref Utf8JsonReader reader, ReadOnlySpan<char> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Nearly all JSON is: only an escape can stand for a NUL or half a pair.</summary>
    private static bool IsPlain(JsonElement json)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(json);
        return bytes.IndexOf(@"\u"u8) < 0 && Utf8.IsValid(bytes);
    }

    private static bool IsText(Func<string?> read)
    {
        try
        {
            return !read()!.Contains('\0');
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
