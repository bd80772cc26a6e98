using System.Globalization;
using System.Text.Json.Nodes;

namespace PersonalizationPlatform.Demo;

/// <summary>Collects what is to be sent, by door, each event with an id of its own; what would lie after the present is left out.</summary>
/// <param name="now">The present of the demo shop.</param>
internal sealed class DemoJournal(DateTimeOffset now)
{
    private int events;

    public List<JsonObject> Records { get; } = [];
    public List<JsonObject> Storefront { get; } = [];
    public List<JsonObject> BackOffice { get; } = [];

    public DateTimeOffset Now => now;

    public void AddRecord(JsonObject record) => Records.Add(record);

    public void AddStorefront(DateTimeOffset at, string type, JsonObject xdm) => Add(Storefront, at, type, xdm);

    public void AddBackOffice(DateTimeOffset at, string type, JsonObject xdm) => Add(BackOffice, at, type, xdm);

    private void Add(List<JsonObject> door, DateTimeOffset at, string type, JsonObject xdm)
    {
        events++;
        if (at > now)
            return;
        xdm["_id"] = "demo-" + events.ToString("00000", CultureInfo.InvariantCulture);
        xdm["eventType"] = type;
        xdm["timestamp"] = XdmText.Of(at);
        door.Add(xdm);
    }
}
