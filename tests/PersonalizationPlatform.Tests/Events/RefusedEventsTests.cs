using System.Text;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Refused;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Events;

public sealed class RefusedEventsTests(DoorDatabase database) : IClassFixture<DoorDatabase>
{
    private static readonly IdentityHash Hash = new([1, 2, 3]);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refused_events_are_kept_as_they_came_and_listed_newest_first()
    {
        var refused = new RefusedEvents(database.Source, Hash);
        await refused.AddAsync([Refused("list.a", "1"), Refused("list.b", "{\"x\":\"\\u0000\"}"), Refused("list.a", "3")], Understood.ReceivedAt, Cancel);

        var all = (await refused.ListAsync(null, null, 200, Cancel)).Where(r => r.Code.StartsWith("list.", StringComparison.Ordinal)).ToList();
        Assert.Equal(["3", "{\"x\":\"\\u0000\"}", "1"], all.Select(r => Encoding.UTF8.GetString(r.Body)));
        Assert.Equal((Understood.ReceivedAt, EventDoor.BackOffice, "Because."), (all[0].ReceivedAt, all[0].Door, all[0].Detail));
        Assert.Equal(["1"], (await refused.ListAsync(all[0].Id, "list.a", 1, Cancel)).Select(r => Encoding.UTF8.GetString(r.Body)));

        await refused.RefuseAgainAsync(all[0].Id, "list.c", "Still.", Cancel);
        Assert.Equal(("list.c", "Still."), await refused.FindAsync(all[0].Id, Cancel) is { } again ? (again.Code, again.Detail) : default);
        await refused.RemoveAsync(all[0].Id, Cancel);
        Assert.Null(await refused.FindAsync(all[0].Id, Cancel));
    }

    [Fact]
    public async Task Erasing_somebody_takes_what_was_refused_about_them()
    {
        var refused = new RefusedEvents(database.Source, Hash);
        await refused.AddAsync([Refused("erase", "{\"personalEmail\":{\"address\":\"Jane@example.com\"},"), Refused("erase", "{\"personID\":\"7\"}"), Refused("erase", "[]")], Understood.ReceivedAt, Cancel);
        Assert.True(Identity.TryCreate("email", "jane@example.com", out var jane));

        await using var connection = await database.Source.OpenConnectionAsync(Cancel);
        Assert.Equal(1, await RefusedEvents.DeleteOfAsync(connection, [Hash.Of(jane)], Cancel));
        Assert.Equal(["[]", "{\"personID\":\"7\"}"], (await refused.ListAsync(null, "erase", 10, Cancel)).Select(r => Encoding.UTF8.GetString(r.Body)));
    }

    [Fact]
    public async Task Old_ones_go_by_themselves()
    {
        var refused = new RefusedEvents(database.Source, Hash);
        var longAgo = Understood.ReceivedAt.AddYears(-1);
        await refused.AddAsync([Refused("old", "1"), Refused("old", "2")], longAgo, Cancel);
        await refused.AddAsync([Refused("old", "3")], longAgo.AddDays(1), Cancel);
        Assert.Equal(2, await refused.DeleteOlderThanOnceAsync(longAgo.AddDays(1), Cancel));
        Assert.Equal(0, await refused.DeleteOlderThanOnceAsync(longAgo.AddDays(1), Cancel));
    }

    private static RefusedEvent Refused(string code, string body) => new(EventDoor.BackOffice, code, "Because.", new Arrival(Encoding.UTF8.GetBytes(body)));
}
