using PersonalizationPlatform.Events;

namespace PersonalizationPlatform.Edge.Server;

/// <summary>One message of Adobe's streaming ingestion: <c>{ "header": { "schemaRef" }, "body": { "xdmMeta", "xdmEntity" } }</c>.</summary>
internal sealed record StreamingMessage(ReadOnlyMemory<byte> Entity, EventDoor Door)
{
    /// <summary>The class of profile records; the schemas of a shop mostly do not tell theirs by name.</summary>
    private const string ProfileClass = "context/profile";

    /// <summary>Null when it has no entity.</summary>
    public static StreamingMessage? Of(ReadOnlyMemory<byte> message)
    {
        var body = JsonSlices.At(message, "body");
        var entity = JsonSlices.At(body, "xdmEntity");
        if (!JsonSlices.IsObject(entity))
            return null;
        return new(entity, IsProfile(message, body, entity) ? EventDoor.Profiles : EventDoor.BackOffice);
    }

    /// <summary>By its schema, else because it has no time, which every event must have, and no type.</summary>
    private static bool IsProfile(ReadOnlyMemory<byte> message, ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> entity)
    {
        var schemas = new[] { JsonSlices.At(message, "header", "schemaRef"), JsonSlices.At(body, "xdmMeta", "schemaRef") }
            .Select(schema => JsonSlices.Text(JsonSlices.At(schema, "id")) ?? JsonSlices.Text(schema)).OfType<string>();
        return schemas.Any(schema => schema.Contains(ProfileClass, StringComparison.OrdinalIgnoreCase))
            || (JsonSlices.At(entity, "timestamp").Length == 0 && JsonSlices.At(entity, "eventType").Length == 0 && !new EdgeEvent(entity).IsKnown);
    }
}
