using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Stories;

/// <summary>Of what is withheld nothing is learnt, neither what happened nor to whom.</summary>
public sealed class WithheldStories(PlatformServer server) : StoryTest(new PlatformHost(server))
{
    private const string No = """{ "consents": { "collect": { "val": "n" } } }""";

    [Fact]
    public async Task Who_signs_in_on_a_device_that_opted_out_stays_unknown()
    {
        await OptOutAsync("ECID:phone");
        Assert.Equal("0/0/1", await Story.BrowseAsync(Story.Event(Login, "ECID:phone email:ann CustomerId:ann loyalty:ann", more: $$"""{ "person": { "accountID": "{{Story.Own("account")}}" } }""")));
        foreach (var identity in new[] { "email:ann", "CustomerId:ann", "loyalty:ann" })
        {
            await Story.GetAsync("profiles", identity, "", HttpStatusCode.NotFound);
            Assert.Empty(await Host.TablesNamingAsync(Story.Identity(identity).Id));
        }

        Assert.Empty(await Host.TablesNamingAsync(Story.Own("account")));
        // On another device she is who she is, from the first word on.
        Assert.Equal("1/0/0", await Story.BrowseAsync(Story.Event(Login, "ECID:tablet email:ann CustomerId:ann", id: "tablet")));
        Assert.Equal("tablet", await Story.TimelineAsync("email:ann"));
        Assert.Contains(Story.Identity("email:ann").Id, (await Story.ProfileAsync("CustomerId:ann")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Named_by_one_that_is_withheld_and_one_that_is_stored_of_the_same_request_somebody_is_known()
    {
        await OptOutAsync("ECID:phone");
        Assert.Equal("1/0/1", await Story.BrowseAsync(
            Story.Event(Login, "ECID:phone email:ann email:ben", id: "withheld"), Story.Event(Login, "ECID:tablet email:ann", id: "stored")));
        Assert.Equal("stored", await Story.TimelineAsync("email:ann"));
        Assert.Empty(await Host.TablesNamingAsync(Story.Identity("email:ben").Id));
    }

    [Fact]
    public async Task Who_is_known_by_a_digest_is_not_named_in_clear_by_what_is_withheld()
    {
        var address = Story.Identity("email:ann").Id;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)));
        var record = new JsonObject { ["identityMap"] = JsonNode.Parse($$"""{ "Email_LC_SHA256": [ { "id": "{{digest}}" } ] }"""), ["newsletter"] = true };
        Assert.Equal("1/0/0", await Story.RecordAsync(record));
        await OptOutAsync("ECID:phone");
        Assert.Equal("0/0/1", await Story.BrowseAsync(Story.Event(Login, "ECID:phone email:ann")));
        Assert.Empty(await Host.TablesNamingAsync(address));
        Assert.Equal("1/0/0", await Story.BrowseAsync(Story.Event(Login, "ECID:tablet email:ann")));
        Assert.Equal(address, await Host.ValueAsync<string>("select value from identity where identity_id = $1", Host.IdOf("email:" + address)));
    }

    [Fact]
    public async Task A_choice_that_names_a_person_beside_the_device_binds_her_without_naming_her()
    {
        Assert.Equal("0/0/1", await Story.BrowseAsync(Story.Event("privacy.choice", "ECID:phone email:ann", more: No)));
        Assert.Empty(await Host.TablesNamingAsync(Story.Identity("email:ann").Id));
        Assert.Equal("0/0/1", await Story.BrowseAsync(Story.Event(View, "ECID:phone")));
        Assert.Equal("0/0/1", await Story.BrowseAsync(Story.Event(View, "email:ann ECID:tablet")));
        Assert.Empty(await Host.TablesNamingAsync(Story.Identity("ECID:tablet").Id));
    }

    private async Task OptOutAsync(string device)
    {
        await Story.BrowseAsync(Story.Event("privacy.choice", device, more: No));
        Story.Later("PT1M");
    }
}
