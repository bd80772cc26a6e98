namespace PersonalizationPlatform.Http;

/// <summary>
/// A body that an endpoint takes, shown in the API's description and filled in by its try-out. It also tells of bodies that are
/// read as a stream, which no parameter would mention.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequestExampleAttribute(string body, string mediaType = "application/json") : Attribute
{
    public string Body { get; } = body;

    public string MediaType { get; } = mediaType;
}
