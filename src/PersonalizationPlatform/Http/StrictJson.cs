using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PersonalizationPlatform.Conditions;

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

    /// <summary>Errors of one request; what is wrong beyond them shows when these are mended.</summary>
    public const int MaxErrors = 100;

    /// <summary>Reads an object; null when <paramref name="errors"/> were added. Members of type <see cref="JsonElement"/> are left to their own reader.</summary>
    public static T? Read<T>(JsonElement json, List<ProblemError> errors)
        where T : class => (T?)Read(typeof(T), json, errors);

    /// <inheritdoc cref="Read{T}"/>
    public static object? Read(Type type, JsonElement json, List<ProblemError> errors)
    {
        var wrong = new List<ProblemError>();
        var root = new JsonPath(null, "$", -1);
        JsonText.Check(json, "$", wrong);
        if (wrong.Count == 0)
            CheckObject(Options.GetTypeInfo(type), json, root, "This must be one JSON object.", wrong);
        errors.AddRange(wrong);
        try
        {
            return wrong.Count > 0 ? null : json.Deserialize(type, Checked);
        }
        catch (JsonException e)
        {
            errors.Add(new(e.Path ?? "$", "json.type", "This value is not what belongs here."));
            return null;
        }
    }

    private static void CheckObject(JsonTypeInfo type, JsonElement json, JsonPath path, string otherwise, List<ProblemError> errors)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new(path.ToString(), "json.type", otherwise));
            return;
        }

        var members = type.Properties.ToDictionary(member => member.Name);
        var readOnly = (ReadOnlyMembersAttribute?)Attribute.GetCustomAttribute(type.Type, typeof(ReadOnlyMembersAttribute));
        var seen = new HashSet<string>();
        foreach (var given in json.EnumerateObject())
        {
            if (errors.Count >= MaxErrors)
                return;
            var place = path.Member(given.Name);
            if (!seen.Add(given.Name))
                errors.Add(new(place.ToString(), "json.duplicateMember", "This member is given twice."));
            else if (members.TryGetValue(given.Name, out var member))
                CheckMember(member, given.Value, place, errors);
            else if (readOnly?.Names.Contains(given.Name) != true)
                errors.Add(new(place.ToString(), "json.unknownMember", $"There is no member \"{ConditionJson.Shorten(given.Name)}\"{Suggestion(given.Name, members.Keys)}"));
        }

        foreach (var member in members.Values.Where(member => member.IsRequired && !seen.Contains(member.Name)))
            errors.Add(new(path.Member(member.Name).ToString(), "json.missingMember", $"{member.Name} is missing; it must be {Expected(member.PropertyType)}."));
    }

    private static void CheckMember(JsonPropertyInfo member, JsonElement given, JsonPath path, List<ProblemError> errors)
    {
        if (given.ValueKind != JsonValueKind.Null)
            CheckValue(member.Name, member.PropertyType, member.CustomConverter is not null, given, path, errors);
        else if (member.IsRequired)
            errors.Add(new(path.ToString(), "json.missingMember", $"{member.Name} must be {Expected(member.PropertyType)}, not null."));
        else if (member.PropertyType.IsValueType && member.PropertyType != typeof(JsonElement) && Nullable.GetUnderlyingType(member.PropertyType) is null)
            errors.Add(new(path.ToString(), "json.type", $"{member.Name} must be {Expected(member.PropertyType)}, or be left out."));
    }

    /// <param name="name">What to call it in a sentence: its own or its list's name.</param>
    /// <param name="type">What it is to be.</param>
    /// <param name="asWhole">It has a reader of its own.</param>
    /// <param name="given">What was given.</param>
    /// <param name="path">Where.</param>
    /// <param name="errors">What is wrong.</param>
    private static void CheckValue(string name, Type type, bool asWhole, JsonElement given, JsonPath path, List<ProblemError> errors)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(JsonElement) || errors.Count >= MaxErrors)
            return;
        var info = Options.GetTypeInfo(type);
        switch (asWhole ? JsonTypeInfoKind.None : info.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(info, given, path, $"{name} must be {Expected(type)}.", errors);
                break;
            case JsonTypeInfoKind.Enumerable when given.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var item in given.EnumerateArray())
                    CheckItem(name, info.ElementType!, item, path.Element(index++), errors);
                break;
            case JsonTypeInfoKind.Dictionary when given.ValueKind == JsonValueKind.Object:
                var seen = new HashSet<string>();
                foreach (var entry in given.EnumerateObject())
                {
                    if (!seen.Add(entry.Name) && errors.Count < MaxErrors)
                        errors.Add(new(path.Member(entry.Name).ToString(), "json.duplicateMember", "This member is given twice."));
                    CheckItem(name, info.ElementType!, entry.Value, path.Member(entry.Name), errors);
                }

                break;
            case JsonTypeInfoKind.None:
                CheckScalar(name, type, given, path, errors);
                break;
            default:
                errors.Add(new(path.ToString(), "json.type", $"{name} must be {Expected(type)}."));
                break;
        }
    }

    /// <summary>What a list or an object of free names holds; a null among them is its reader's business, unless there can be none.</summary>
    private static void CheckItem(string name, Type type, JsonElement given, JsonPath path, List<ProblemError> errors)
    {
        if (given.ValueKind != JsonValueKind.Null || (type.IsValueType && Nullable.GetUnderlyingType(type) is null))
            CheckValue(name, type, asWhole: false, given, path, errors);
    }

    private static void CheckScalar(string name, Type type, JsonElement given, JsonPath path, List<ProblemError> errors)
    {
        try
        {
            given.Deserialize(type, Options);
        }
        catch (JsonException)
        {
            errors.Add(new(path.ToString(), "json.type", $"{name} must be {Expected(type)}."));
        }
    }

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
