using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace PersonalizationPlatform.Demo;

/// <summary>How the demo shop writes what it sends.</summary>
internal static class XdmText
{
    /// <summary>An instant as clients send it, to the microsecond that is kept.</summary>
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The body of a request.</summary>
    public static byte[] Bytes(IEnumerable<JsonObject> events) =>
        Encoding.UTF8.GetBytes("[" + string.Join(',', events.Select(xdm => xdm.ToJsonString())) + "]");
}
