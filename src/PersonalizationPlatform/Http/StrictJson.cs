using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PersonalizationPlatform.Http;

/// <summary>
/// Reads what a person writes (definitions, products): unknown, missing and repeated members, wrong types and unusable text
/// are refused, all of them at once and each with its JSON path. Events are not read with this: they are read tolerantly.
/// </summary>
public static class StrictJson
{
    /// <summary>Condition trees nest without a limit of their own; this only bounds what one request may cost.</summary>
    public const int MaxDepth = 4096;

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        MaxDepth = MaxDepth,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new InstantConverter() },
    };

    private static readonly JsonSerializerOptions Checked = new(Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        AllowDuplicateProperties = true,
    };

    /// <summary>Reads an object; null when <paramref name="errors"/> were added. Members of type <see cref="JsonElement"/> are left to their own reader.</summary>
    public static T? Read<T>(JsonElement json, List<ProblemError> errors)
        where T : class => (T?)Read(typeof(T), json, errors);

    /// <inheritdoc cref="Read{T}"/>
    public static object? Read(Type type, JsonElement json, List<ProblemError> errors)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("$", "json.type", "This must be one JSON object."));
            return null;
        }

        try
        {
            return ReadMembers(type, json, errors);
        }
        catch (InvalidOperationException)
        {
            // The names of members cannot be asked for without this risk.
            errors.Add(new("$", "json.text", "A member's name holds half a surrogate pair."));
            return null;
        }
    }

    private static object? ReadMembers(Type type, JsonElement json, List<ProblemError> errors)
    {
        var before = errors.Count;
        var members = Options.GetTypeInfo(type).Properties.ToDictionary(member => member.Name);
        var readOnly = (ReadOnlyMembersAttribute?)Attribute.GetCustomAttribute(type, typeof(ReadOnlyMembersAttribute));
        var seen = new HashSet<string>();
        foreach (var given in json.EnumerateObject())
        {
            if (!IsText(given.Name))
                errors.Add(new("$", "json.text", "A member's name holds a NUL."));
            else if (!seen.Add(given.Name))
                errors.Add(new("$." + given.Name, "json.duplicateMember", "This member is given twice."));
            else if (members.TryGetValue(given.Name, out var member))
                CheckMember(member, given, errors);
            else if (readOnly?.Names.Contains(given.Name) != true)
                errors.Add(new("$." + given.Name, "json.unknownMember", $"There is no member \"{given.Name}\"{Suggestion(given.Name, members.Keys)}"));
        }

        foreach (var member in members.Values.Where(member => member.IsRequired && !seen.Contains(member.Name)))
            errors.Add(new("$." + member.Name, "json.missingMember", $"{member.Name} is missing; it must be {Expected(member.PropertyType)}."));
        return errors.Count > before ? null : json.Deserialize(type, Checked);
    }

    private static void CheckMember(JsonPropertyInfo member, JsonProperty given, List<ProblemError> errors)
    {
        var path = "$." + given.Name;
        var before = errors.Count;
        CheckText(given.Value, path, errors);
        if (errors.Count > before || member.PropertyType == typeof(JsonElement) || member.PropertyType == typeof(JsonElement?))
            return;
        if (given.Value.ValueKind == JsonValueKind.Null)
        {
            if (member.IsRequired)
                errors.Add(new(path, "json.missingMember", $"{given.Name} must be {Expected(member.PropertyType)}, not null."));
            return;
        }

        try
        {
            given.Value.Deserialize(member.PropertyType, Options);
        }
        catch (JsonException e)
        {
            errors.Add(new(path + e.Path?[1..], "json.type", $"{given.Name} must be {Expected(member.PropertyType)}."));
        }
    }

    /// <summary>PostgreSQL keeps no NUL and .NET no half surrogate pairs; both are told here rather than failing later.</summary>
    internal static void CheckText(JsonElement root, string path, List<ProblemError> errors)
    {
        var open = new Stack<(JsonElement Value, string Path)>();
        open.Push((root, path));
        while (open.TryPop(out var next))
        {
            switch (next.Value.ValueKind)
            {
                case JsonValueKind.String when !IsText(next.Value):
                    errors.Add(new(next.Path, "json.text", "This text holds a NUL or half a surrogate pair."));
                    break;
                case JsonValueKind.Array:
                    var index = 0;
                    foreach (var item in next.Value.EnumerateArray())
                        open.Push((item, $"{next.Path}[{index++}]"));
                    break;
                case JsonValueKind.Object:
                    foreach (var member in next.Value.EnumerateObject())
                    {
                        if (!IsText(member.Name))
                            errors.Add(new(next.Path, "json.text", "A member's name holds a NUL."));
                        open.Push((member.Value, $"{next.Path}.{member.Name}"));
                    }

                    break;
            }
        }
    }

    private static bool IsText(JsonElement value)
    {
        try
        {
            return IsText(value.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return false; // an escaped half of a surrogate pair
        }
    }

    private static bool IsText(string value) => !value.Contains('\0');

    private static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return "a text";
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(int) || type == typeof(long))
            return "a whole number";
        if (type == typeof(decimal))
            return "a number";
        if (type == typeof(DateTimeOffset))
            return "an instant such as 2026-06-15T12:00:00Z";
        if (type == typeof(DateOnly))
            return "a date such as 2026-06-15";
        if (type.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(type).Select(name => EnumText(type, name)));
        if (typeof(IDictionary).IsAssignableFrom(type) || type.Name.Contains("Dictionary", StringComparison.Ordinal))
            return "an object";
        return type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type)
            ? $"a list, each of its items {Expected(type.GenericTypeArguments[0])}"
            : "an object";
    }

    private static string EnumText(Type type, string name) =>
        type.GetField(name)?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(name);

    private static string Suggestion(string given, ICollection<string> names)
    {
        var near = names.FirstOrDefault(name => name.Equals(given, StringComparison.OrdinalIgnoreCase))
            ?? names.FirstOrDefault(name => name.StartsWith(given, StringComparison.OrdinalIgnoreCase) || given.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        return near is null ? $"; known are {string.Join(", ", names)}." : $"; did you mean {near}?";
    }

    /// <summary>Instants as people write them: ISO 8601, without an offset taken as UTC, a date alone as its first instant; cut to the microsecond.</summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
            const System.Globalization.DateTimeStyles utc =
                System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal;
            if (text.Length < 10 || text[4] != '-' || text[7] != '-'
                || !DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, utc, out var instant))
                throw new JsonException();
            return instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}

/// <summary>Members an answer holds and a request may send back unchanged (read, edit, write); they are not read.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReadOnlyMembersAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names { get; } = names;
}
