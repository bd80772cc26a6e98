using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Catalog;

/// <summary>Each test has a database of its own, since a snapshot shows all of it.</summary>
public sealed class LiveCatalogTests(PlatformServer server) : IAsyncLifetime
{
    private readonly PlatformHost host = new(server);

    private LiveCatalog Live => host.Services.GetRequiredService<LiveCatalog>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Its_own_changes_show_at_once_and_those_of_another_node_after_a_second()
    {
        await PutAsync("products/a", """{ "name": "A", "price": 10 }""");
        Assert.Equal(10, (await Live.CurrentAsync(Cancellation)).Find("a")!.Price);
        await PutAsync("products/a", """{ "name": "A", "price": 11 }""");
        Assert.Equal(11, (await Live.CurrentAsync(Cancellation)).Find("a")!.Price);

        using var other = new LiveCatalog(host.Database, host.Clock);
        Assert.Equal(11, (await other.CurrentAsync(Cancellation)).Find("a")!.Price);
        await PutAsync("products/a", """{ "name": "A", "price": 12 }""");
        await PutAsync("products/b", """{ "name": "B" }""");
        Assert.Equal(11, (await other.CurrentAsync(Cancellation)).Find("a")!.Price);
        host.Clock.Advance(LiveCatalog.MaxAge);
        var seen = await other.CurrentAsync(Cancellation);
        Assert.Equal(["a", "b"], seen.Products.Select(product => product.Sku));
        Assert.Equal(12, seen.Find("a")!.Price);

        using var deleted = await host.Admin.DeleteAsync("/v1/products/a", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Null((await Live.CurrentAsync(Cancellation)).Find("a"));
        host.Clock.Advance(LiveCatalog.MaxAge);
        Assert.Equal(["b"], (await other.CurrentAsync(Cancellation)).Products.Select(product => product.Sku));
        await PutAsync("products/a", """{ "name": "A is back" }""");
        host.Clock.Advance(LiveCatalog.MaxAge);
        Assert.Equal("A is back", (await other.CurrentAsync(Cancellation)).Find("a")!.Name);
        // The older snapshot stays as it was.
        Assert.Equal(12, seen.Find("a")!.Price);
    }

    [Fact]
    public async Task Without_a_change_the_very_same_snapshot_is_kept_and_after_one_the_products_it_does_not_concern()
    {
        await PutAsync("products/a", """{ "name": "A" }""");
        await PutAsync("products/b", """{ "name": "B" }""");
        var before = await Live.CurrentAsync(Cancellation);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Same(before, await Live.CurrentAsync(Cancellation));
        await PutAsync("products/b", """{ "name": "B2" }""");
        var after = await Live.CurrentAsync(Cancellation);
        Assert.Same(before.Find("a"), after.Find("a"));
        Assert.True(after.Change > before.Change);
    }

    [Fact]
    public async Task Products_are_ordered_by_number_and_found_in_any_case_the_exact_one_first()
    {
        await PutAsync("products/late", """{ "name": "L", "number": 30 }""");
        await PutAsync("products/Mug", """{ "name": "upper", "number": 20 }""");
        await PutAsync("products/mug", """{ "name": "lower", "number": 10 }""");
        var catalogue = await Live.CurrentAsync(Cancellation);
        Assert.Equal(["mug", "Mug", "late"], catalogue.Products.Select(product => product.Sku));
        Assert.Equal("upper", catalogue.Find("Mug")!.Name);
        Assert.Equal("lower", catalogue.Find("MUG")!.Name);
        Assert.Equal("late", catalogue.Find("LATE")!.Sku);

        await PutAsync("products/late", """{ "name": "L", "number": 1 }""");
        using var deleted = await host.Admin.DeleteAsync("/v1/products/mug", Cancellation);
        catalogue = await Live.CurrentAsync(Cancellation);
        Assert.Equal(["late", "Mug"], catalogue.Products.Select(product => product.Sku));
        Assert.Equal("upper", catalogue.Find("mug")!.Name);
    }

    [Fact]
    public async Task A_product_counts_as_in_all_that_contain_its_categories_and_follows_the_tree()
    {
        await PutAsync("products/by-id", """{ "name": "A", "categories": ["4"] }""");
        await PutAsync("products/by-path", """{ "name": "B", "categories": ["Gear/Bags"] }""");
        await PutAsync("products/elsewhere", """{ "name": "C", "categories": ["9"] }""");
        Assert.Equal(["4"], (await Live.CurrentAsync(Cancellation)).Find("by-id")!.Categories);

        await PutAsync("categories/2", """{ "name": "Default Category" }""");
        await PutAsync("categories/3", """{ "name": "Gear", "parentId": "2" }""");
        await PutAsync("categories/4", """{ "name": "Bags", "parentId": "3" }""");
        await PutAsync("categories/7", """{ "name": "Sale", "parentId": "2" }""");
        using var other = new LiveCatalog(host.Database, host.Clock);
        var before = await other.CurrentAsync(Cancellation);
        Assert.Equal(["4", "Bags", "3", "Gear", "2", "Default Category"], before.Find("by-id")!.Categories);
        Assert.Equal(["Gear/Bags", "Gear", "Bags", "4", "3", "2", "Default Category"], before.Find("by-path")!.Categories);
        Assert.Equal(["4"], before.Find("by-path")!.OwnCategories);
        Assert.True(before.Categories.IsDescendant("4", "2"));
        Assert.False(before.Categories.IsDescendant("4", "4"));
        Assert.Equal(["3", "2"], before.Categories.Ancestors("4"));

        await PutAsync("categories/4", """{ "name": "Rucksacks", "parentId": "7" }""");
        host.Clock.Advance(LiveCatalog.MaxAge);
        var moved = await other.CurrentAsync(Cancellation);
        Assert.Equal(["4", "Rucksacks", "7", "Sale", "2", "Default Category"], moved.Find("by-id")!.Categories);
        // No category of the tree has this path any more; it stands for itself and its parts.
        Assert.Equal(["Gear/Bags", "Gear", "Bags"], moved.Find("by-path")!.Categories);
        Assert.Equal(["Gear/Bags"], moved.Find("by-path")!.OwnCategories);
        Assert.Same(before.Find("elsewhere"), moved.Find("elsewhere"));

        using var deleted = await host.Admin.DeleteAsync("/v1/categories/4", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        host.Clock.Advance(LiveCatalog.MaxAge);
        Assert.Equal(["4"], (await other.CurrentAsync(Cancellation)).Find("by-id")!.Categories);
    }

    [Fact]
    public async Task A_multiselect_given_as_text_is_a_list_as_soon_as_the_attribute_is_known_as_one()
    {
        await PutAsync("products/a", """{ "name": "A", "attributes": { "material": "21, 22", "Size": "1,5" } }""");
        using var other = new LiveCatalog(host.Database, host.Clock);
        Assert.Equal(new FieldValue.Text("21, 22"), (await other.CurrentAsync(Cancellation)).Find("a")!.Attributes["Material"]);
        await PutAsync("products/attributes/material", """{ "type": "multiselect", "options": [ { "value": "21", "label": "Leather" }, { "value": "22", "label": "Canvas" } ] }""");
        host.Clock.Advance(LiveCatalog.MaxAge);
        var known = await other.CurrentAsync(Cancellation);
        Assert.Equal(["21", "22"], Assert.IsType<FieldValue.Many>(known.Find("a")!.Attributes["Material"]).Values.Select(value => ((FieldValue.Text)value).Value));
        Assert.Equal(new FieldValue.Text("1,5"), known.Find("a")!.Attributes["size"]);
        Assert.Equal("Canvas", known.Attributes.Single().Options[1].Label);

        using var deleted = await host.Admin.DeleteAsync("/v1/products/attributes/material", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        host.Clock.Advance(LiveCatalog.MaxAge);
        Assert.Equal(new FieldValue.Text("21, 22"), (await other.CurrentAsync(Cancellation)).Find("a")!.Attributes["Material"]);
    }

    [Fact]
    public async Task Variants_named_by_external_id_are_found_whenever_they_arrive()
    {
        await PutAsync("products/shirt", """{ "name": "Shirt", "type": "configurable", "children": ["direct"], "childExternalIds": ["11", "12"] }""");
        Assert.Equal(["direct"], (await Live.CurrentAsync(Cancellation)).Find("shirt")!.Children);
        await PutAsync("products/shirt-m", """{ "name": "M", "externalId": "12" }""");
        await PutAsync("products/shirt-s", """{ "name": "S", "externalId": "11" }""");
        var catalogue = await Live.CurrentAsync(Cancellation);
        Assert.Equal(["direct", "shirt-s", "shirt-m"], catalogue.Find("shirt")!.Children);
        Assert.Equal("shirt-m", catalogue.FindExternal("12")!.Sku);
        using var deleted = await host.Admin.DeleteAsync("/v1/products/shirt-s", Cancellation);
        Assert.Equal(["direct", "shirt-m"], (await Live.CurrentAsync(Cancellation)).Find("shirt")!.Children);
    }

    [Fact]
    public async Task A_hundred_thousand_products_in_one_request_are_all_there_and_followed_by_their_changes_only()
    {
        const int Count = 100_000;
        var lines = string.Join('\n', Enumerable.Range(0, Count).Select(i =>
            $$"""{"sku":"p-{{i}}","name":"Product {{i}}","price":{{i % 500}}.99,"categories":["{{i % 50}}"],"attributes":{"brand":"b{{i % 40}}" } }"""));
        using var answer = await host.Admin.PostTextAsync("/v1/products/bulk", lines, "application/x-ndjson");
        Assert.Equal(Count, (int)(await answer.JsonAsync(HttpStatusCode.OK))["stored"]!);
        var catalogue = await Live.CurrentAsync(Cancellation);
        Assert.Equal(Count, catalogue.Products.Count);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"p-{i}"), catalogue.Products.Select(product => product.Sku));

        await PutAsync("products/p-77777", """{ "name": "Changed" }""");
        var after = await Live.CurrentAsync(Cancellation);
        Assert.Equal("Changed", after.Products[77777].Name);
        Assert.Equal(Count - 1, after.Products.Zip(catalogue.Products).Count(pair => ReferenceEquals(pair.First, pair.Second)));
    }

    private async Task PutAsync(string path, string body)
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/" + path, body);
        await put.JsonAsync(HttpStatusCode.OK);
    }
}
