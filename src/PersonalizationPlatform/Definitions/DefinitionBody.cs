using System.Text.Json;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions;

/// <summary>Definitions as people write them and histories keep them.</summary>
public static class DefinitionBody
{
    /// <summary>How deep a body may nest: one level more than what it was read with.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = StrictJson.MaxDepth };

    /// <summary>A request as it is kept: members that say nothing left out.</summary>
    public static string Write<TRequest>(TRequest request) => JsonSerializer.Serialize(request, HttpSetup.Json);

    /// <summary>Reads a body as strictly as the request it is. 400 <c>json.invalid</c>.</summary>
    public static TRequest Read<TRequest>(JsonElement body)
        where TRequest : class
    {
        var errors = new List<ProblemError>();
        return StrictJson.Read<TRequest>(body, errors)
            ?? throw ProblemException.Invalid("json.invalid", "The definition is not right in the places listed.", [.. errors]);
    }

    public static JsonElement Parse(string body)
    {
        using var document = JsonDocument.Parse(body, Deep);
        return document.RootElement.Clone();
    }

    /// <summary>The body with the status it is to be put with.</summary>
    internal static JsonElement WithStatus(string body, DefinitionStatus status)
    {
        var members = JsonNode.Parse(body, null, Deep)!.AsObject();
        members["status"] = JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
        return Parse(members.ToJsonString(HttpSetup.Json));
    }
}
