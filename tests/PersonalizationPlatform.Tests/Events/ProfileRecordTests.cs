using System.Text.Json;
using PersonalizationPlatform.Events;

namespace PersonalizationPlatform.Tests.Events;

public sealed class ProfileRecordTests
{
    [Fact]
    public void An_xdm_record_asserts_name_birthday_addresses_and_phone()
    {
        var record = Understood.Record("""
            {"_id":"p1","identityMap":{"CustomerId":[{"id":"42","primary":true}],"email":[{"id":"ann@example.com"}]},
             "person":{"name":{"firstName":"Ann","lastName":"Lee"},"birthDate":"1990-04-02","gender":"female"},"personalEmail":{"address":"ann@example.com"},
             "userAccount":{"startDate":"2025-01-10T08:00:00+01:00"},"mobilePhone":{"number":"+49 1"},
             "billingAddress":{"street1":"A 1","street2":"b","city":"Berlin","state":"BE","country":"DE","primary":false},"billingAddressPhone":{"number":"030","primary":false},
             "shippingAddress":{"city":"Wien","country":"AT"},"profileAttributes":{"shoeSize":42,"vip":true,"tags":["a","b"]},"loyalty":{"tier":"gold","points":"17"}}
            """);
        Assert.Equal("profileRecord", record.Kind);
        Assert.Equal(["CustomerId:42", "email:ann@example.com"], record.Identities.Names());
        Assert.Equal("""
            attributes.loyalty.tier="gold"
            attributes.shoeSize=42
            attributes.tags=["a","b"]
            attributes.vip=true
            billingAddress={"street":"A 1, b","city":"Berlin","state":"BE","country":"DE","phone":"030","roles":[],"other":{}}
            birthDate="1990-04-02"
            customerSince="2025-01-10T07:00:00+00:00"
            email="ann@example.com"
            firstName="Ann"
            gender="female"
            lastName="Lee"
            phone="+49 1"
            rewardPoints=17
            shippingAddress={"city":"Wien","country":"AT","roles":[],"other":{}}
            """, Lines(record));
    }

    [Fact]
    public void The_shops_own_customer_object_is_a_record_too()
    {
        var record = Understood.Record("""
            {"id":42,"email":"Ann@Example.com","firstname":"Ann","lastname":"Lee","dob":null,"group_id":3,"created_at":"2025-01-10 08:00:00","updated_at":"2026-05-01 10:00:00",
             "is_subscribed":"1","store_credit":"50.00","website_id":1,"custom":{"shoe":{"size":42}},
             "addresses":[{"id":1,"region":{"region_code":"CA","region":"California","region_id":12},"country_id":"US","street":["Main 1","Apt 2"],"telephone":"555","postcode":"90001","city":"Los Angeles","firstname":"Ann","default_billing":true,"floor":"3"}],
             "_metadata":{"websiteCode":"base","storeCode":"main","storeViewCode":"de","commerceVersion":"2.4"}}
            """);
        Assert.Equal(["CustomerId:42", "email:ann@example.com"], record.Identities.Names());
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero), record.OccurredAt);
        Assert.Equal(("base", "main", "de"), (record.Content.Website, record.Content.Store, record.Content.StoreView));
        const string address = """{"street":"Main 1, Apt 2","city":"Los Angeles","state":"CA","postalCode":"90001","country":"US","firstName":"Ann","phone":"555","roles":["default_billing"],"other":{"floor":"3"}}""";
        Assert.Equal($$"""
            addresses=[{{address}}]
            attributes.custom.shoe.size=42
            attributes.website_id=1
            billingAddress={{address}}
            birthDate=null
            customerSince="2025-01-10T08:00:00+00:00"
            email="Ann@Example.com"
            firstName="Ann"
            group="3"
            lastName="Lee"
            newsletter=true
            storeCredit=50
            """, Lines(record));
    }

    [Fact]
    public void A_back_office_account_event_asserts_attributes_and_a_storefront_one_does_not()
    {
        const string json = """{"eventType":"TYPE","person":{"name":{"firstName":"Ann"}},"personalEmail":{"address":"ann@example.com"}}""";
        Assert.Equal("email=\"ann@example.com\"\nfirstName=\"Ann\"", Lines(Understood.Event(json.Replace("TYPE", "accountUpdated"))));
        Assert.Empty(Understood.Event(json.Replace("TYPE", "userAccount.updateProfile"), EventDoor.Storefront).Attributes);
        Assert.Empty(Understood.Event(json.Replace("TYPE", "accountDeleted")).Attributes);
    }

    [Fact]
    public void An_account_event_at_the_profiles_door_stays_one() =>
        Assert.Equal("accountDeleted", Understood.Record("""{"eventType":"userAccount.backofficeDeleteProfile","personalEmail":{"address":"ann@example.com"}}""").Kind);

    [Fact]
    public void A_record_is_known_by_its_bytes_so_a_changed_one_is_not_a_duplicate() =>
        Assert.NotEqual(Understood.Record("""{"_id":"p","id":"1","firstname":"Ann"}""").Key, Understood.Record("""{"_id":"p","id":"1","firstname":"Anna"}""").Key);

    [Theory]
    [InlineData("2011-01-01 00:00:00")]
    [InlineData("2099-01-01 00:00:00")]
    [InlineData("soon")]
    public void A_record_changed_at_an_unusable_time_is_taken_without_one(string changed) =>
        Assert.Null(Understood.Record($$"""{"id":"1","updated_at":"{{changed}}"}""").OccurredAt);

    private static string Lines(CustomerEvent record) =>
        string.Join('\n', record.Attributes.Select(a => $"{a.Name}={JsonSerializer.Serialize(a.Value, Plain)}").Order(StringComparer.Ordinal));

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
