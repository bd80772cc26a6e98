using Microsoft.Extensions.Time.Testing;
using PersonalizationPlatform.Activation.RelatedProducts;
using PersonalizationPlatform.Activation.RelatedProducts.Index;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Tests.Activation.RelatedProducts;

/// <summary>The index finds exactly what looking at every product would find.</summary>
public sealed class ProductIndexTests
{
    private static readonly Moment Now = RelatedRuleSet.MomentOf(WebsiteSettings.Base, new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_large_catalogue_that_changed_is_answered_from_the_index_before_it_only_while_that_was_current_a_second_ago()
    {
        var clock = new FakeTimeProvider();
        var indexes = new ProductIndexes(clock);
        var shop = new RandomShop(1);
        async Task<long> AskAsync(CatalogSnapshot catalogue) => (await indexes.ForAsync(catalogue, RelatedRuleSet.Empty, Now, PersonalizationPlatform.Websites.WebsiteSet.Undescribed.Of(null))).Snapshot.Change;
        var (first, second, third) = (shop.Catalogue(5_001, 1), shop.Catalogue(5_001, 2), shop.Catalogue(5_001, 3));
        Assert.Equal(1, await AskAsync(first));
        // Somebody asked a moment ago, so that answer is at most so old.
        clock.Advance(ProductIndexes.MaxBehind - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await AskAsync(second));
        // Nobody asked for long: how long ago the catalogue changed is not known.
        clock.Advance(ProductIndexes.MaxBehind);
        Assert.Equal(3, await AskAsync(third));
    }

    [Fact]
    public void On_random_catalogues_and_trees_the_index_finds_what_a_scan_finds()
    {
        var (found, trees) = (0, 0);
        for (var seed = 0; seed < 60; seed++)
        {
            var shop = new RandomShop(seed);
            var catalogue = shop.Catalogue(150);
            var index = new ProductIndex(catalogue);
            for (var i = 0; i < 60; i++)
            {
                var rule = Rule(shop.Tree(3));
                for (var viewing = 0; viewing < 3; viewing++)
                {
                    var viewed = shop.Dice.Next(10) == 0 ? shop.Product(999) : catalogue.Products[shop.Dice.Next(150)];
                    var scope = new Scope(Now) { Product = viewed, Viewed = viewed };
                    var scanned = Enumerable.Range(0, 150).Where(place => rule.Display!.Evaluate(scope with { Product = catalogue.Products[place] }).Matches).ToList();
                    var indexed = index.Displayed(rule, scope).Places().ToList();
                    Assert.True(scanned.SequenceEqual(indexed), $"seed {seed}: {rule.Display}\nviewed {viewed.Sku}\nscan  {string.Join(' ', scanned)}\nindex {string.Join(' ', indexed)}");
                    // Remembered now.
                    Assert.Equal(scanned, index.Displayed(rule, scope).Places());
                    found += scanned.Count is > 0 and < 150 ? 1 : 0;
                    trees++;
                }
            }
        }

        Assert.True(found > trees / 4, $"Only {found} of {trees} trees told products apart.");
    }

    [Fact]
    public void Sets_of_products_keep_to_their_length_and_count_and_rank_their_places()
    {
        for (var length = 1; length < 200; length += 7)
        {
            var places = Enumerable.Range(0, length).Where(place => place % 3 == 0).ToArray();
            var bits = ProductBits.Of(length, add => add.Add(places));
            Assert.Equal(places, bits.Places());
            Assert.Equal(places.Length, bits.Count());
            Assert.Equal(places, Enumerable.Range(0, places.Length).Select(bits.PlaceOf));
            Assert.Equal(Enumerable.Range(0, length).Except(places), bits.Not().Places());
            Assert.Equal(length, bits.Or(bits.Not()).Count());
            Assert.Equal(0, bits.And(bits.Not()).Count());
            Assert.Equal(length, ProductBits.All(length).Count());
        }
    }

    private static RelatedRule Rule(Condition display) =>
        new(Guid.NewGuid(), 1, 1, null, "rule", "rule", 0, ProductList.Related, null, display);
}
