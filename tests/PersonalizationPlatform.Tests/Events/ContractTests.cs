using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.Tests.Events;

public sealed class ContractTests
{
    [Fact]
    public void Every_recorded_request_is_understood_as_written_down()
    {
        var differences = new List<string>();
        var cases = ContractCase.All("adobe");
        foreach (var contract in cases)
        {
            var events = new JsonArray();
            foreach (var slice in BatchReader.Split(Encoding.UTF8.GetBytes(contract.Request.BodyText), 1000))
                events.Add(XdmEventReader.TryRead(new Arrival(slice), EventDoor.Storefront, Understood.Limits(EventDoor.Storefront), out var ev, out var refusal)
                    ? EventPicture.Of(ev) : (JsonNode)$"{refusal.Code}: {refusal.Detail}");
            differences.AddRange(EventPicture.Differences(contract.Expect.Events, events).Select(difference => $"{contract.Name} {difference}"));
        }

        Assert.True(cases.Count >= 44, $"Only {cases.Count} cases were found.");
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
