using System.Text;
using PersonalizationPlatform.Events;

namespace PersonalizationPlatform.Tests.Events;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("42", "event.notAnObject")]
    [InlineData("null", "event.notAnObject")]
    [InlineData("[]", "event.notAnObject")]
    [InlineData("{", "event.notAnObject")]
    [InlineData("", "event.notAnObject")]
    [InlineData("""{"timestamp":"yesterday"}""", "time.invalid")]
    [InlineData("""{"timestamp":"2026-11-22T12:00:00"}""", "time.invalid")]
    [InlineData("""{"timestamp":"2026-02-30T12:00:00Z"}""", "time.invalid")]
    [InlineData("""{"timestamp":1790000000}""", "time.invalid")]
    [InlineData("""{"timestamp":"2026-11-23T18:00:00.000001Z"}""", "time.inFuture")]
    [InlineData("""{"timestamp":"2020-11-22T17:59:59.999999Z"}""", "time.tooOld")]
    [InlineData("""{"commerce":{"order":{"priceTotal":1e400}}}""", "value.outOfRange")]
    [InlineData("""{"commerce":{"order":{"priceTotal":"10000000000000"}}}""", "value.outOfRange")]
    [InlineData("""{"productListItems":[{"SKU":"a","quantity":-1e14}]}""", "value.outOfRange")]
    public void A_bad_event_is_refused_with_its_code(string json, string code) => Assert.Equal(code, Understood.Refusal(json));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"timestamp":null}""")]
    [InlineData("""{"timestamp":"2026-11-23T18:00:00Z"}""")]
    [InlineData("""{"timestamp":"2020-11-22T18:00:00Z"}""")]
    [InlineData("""{"commerce":{"order":{"priceTotal":"NaN","taxAmount":"Infinity","discountAmount":null}}}""")]
    [InlineData("""{"commerce":{"order":{"priceTotal":9999999999999.99}}}""")]
    [InlineData("""{"commerce":7,"productListItems":"none","identityMap":[1],"web":null,"siteSearch":[]}""")]
    public void What_is_merely_odd_is_taken(string json) => Assert.Null(Understood.Refusal(json));

    [Theory]
    [InlineData("commerce.backofficeOrderPlaced")]
    [InlineData("orderPlaced")]
    [InlineData("COMMERCE.ORDERCANCELLED")]
    [InlineData("userAccount.backofficeCreateProfile")]
    [InlineData("userAccount.backofficeDeleteProfile")]
    [InlineData("profileRecord")]
    public void What_only_the_shop_may_say_is_refused_at_the_public_door(string type)
    {
        Assert.Equal("event.needsSecretKey", Understood.Refusal($$"""{"eventType":"{{type}}"}""", EventDoor.Storefront));
        Assert.Null(Understood.Refusal($$"""{"eventType":"{{type}}","personID":"1"}""", EventDoor.BackOffice));
    }

    [Fact]
    public void A_back_office_marker_without_a_type_is_refused_at_the_public_door_too() =>
        Assert.Equal("event.needsSecretKey", Understood.Refusal("""{"commerce":{"backofficeOrderPlaced":{"value":1}}}""", EventDoor.Storefront));

    [Fact]
    public void Depth_is_limited_per_event()
    {
        Assert.Null(Understood.Refusal($$"""{"a":{{new string('[', 31)}}{{new string(']', 31)}}}"""));
        Assert.Equal("event.tooDeep", Understood.Refusal($$"""{"a":{{new string('[', 32)}}{{new string(']', 32)}}}"""));
        Assert.Equal("event.tooDeep", Understood.Refusal($$"""{"a":{{new string('[', 50_000)}}{{new string(']', 50_000)}}}"""));
    }

    [Fact]
    public void Size_is_limited_per_event_and_more_generous_for_servers()
    {
        var large = $$"""{"a":"{{new string('x', 64 * 1024)}}"}""";
        Assert.Equal("event.tooLarge", Understood.Refusal(large, EventDoor.Storefront));
        Assert.Null(Understood.Refusal(large, EventDoor.BackOffice));
    }

    [Theory]
    [InlineData("""{"eventType":"LONG"}""")]
    [InlineData("""{"_id":"LONG"}""")]
    [InlineData("""{"commerce":{"order":{"purchaseID":"LONG"}}}""")]
    [InlineData("""{"commerce":{"commerceScope":{"websiteCode":"LONG"}}}""")]
    [InlineData("""{"productListItems":[{"SKU":"LONG"}]}""")]
    public void What_is_looked_up_by_must_fit_an_index(string json)
    {
        Assert.Equal("value.tooLong", Understood.Refusal(json.Replace("LONG", new string('x', 257))));
        Assert.Null(Understood.Refusal(json.Replace("LONG", new string('x', 256))));
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused() =>
        Assert.Equal("event.notUtf8", Understood.Refusal([.. "{\"a\":\""u8, 0xFF, 0xFE, .. "\"}"u8]));

    [Theory]
    [InlineData("""{"firstname":"Ann"}""")]
    [InlineData("""{"email":"null","id":"0"}""")]
    [InlineData("""{"identityMap":{"CORE":[{"id":"1","primary":true}]}}""")]
    public void A_record_must_name_somebody(string json) => Assert.Equal("profile.noIdentity", Understood.Refusal(json, EventDoor.Profiles));

    [Fact]
    public void No_refusal_repeats_what_was_sent()
    {
        const string secret = "jane.doe@example.com";
        var json = Encoding.UTF8.GetBytes($$$"""{"timestamp":"{{{secret}}}","_id":"{{{secret}}}","personalEmail":{"address":"{{{secret}}}"}}""");
        Assert.False(PersonalizationPlatform.Events.Understanding.XdmEventReader.TryRead(new Arrival(json), EventDoor.Storefront, Understood.Limits(EventDoor.Storefront), out _, out var refusal));
        Assert.DoesNotContain(secret, refusal.Detail);
    }
}
