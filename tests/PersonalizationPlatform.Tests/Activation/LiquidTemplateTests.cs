using PersonalizationPlatform.Activation.Templates;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Tests.Activation;

public sealed class LiquidTemplateTests
{
    private const string Attack = "<script>alert(1)</script>\"'&";
    private const string Harmless = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;";

    private static readonly TemplateModel Model = new()
    {
        Shopper = new("Zoë", "O'Brien", "Köln", "DE", "wholesale", new Dictionary<string, FieldValue>
        {
            ["shoeSize"] = new FieldValue.Number(42.50m),
            ["likes"] = new FieldValue.Many([new FieldValue.Text("bags"), new FieldValue.Text("<b>")]),
            ["attack"] = new FieldValue.Text(Attack),
            ["member"] = new FieldValue.Truth(true),
        }),
        Product = new()
        {
            Sku = "24-MB01",
            Name = Attack,
            Price = 34.00m,
            Attributes = new Dictionary<string, FieldValue> { ["colour"] = new FieldValue.Text("black") },
        },
        Segments = ["vip", "bags"],
        Website = "eu",
        StoreView = "de",
        Currency = "EUR",
        Now = new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero),
    };

    [Theory]
    [InlineData("Hello {{ shopper.firstName }}!", "Hello Zoë!")]
    [InlineData("{{ shopper.city }}, {{ shopper.country }}, {{ shopper.group }}", "Köln, DE, wholesale")]
    [InlineData("{{ shopper.attributes.shoeSize }} {{ shopper.attributes.shoeSize | plus: 1 | round: 0 }} {{ shopper.attributes.member }}", "42.5 44 true")]
    [InlineData("{% if shopper.attributes.likes contains 'bags' %}bags{% else %}none{% endif %}", "bags")]
    [InlineData("{% for like in shopper.attributes.likes %}[{{ like }}]{% endfor %}", "[bags][&lt;b&gt;]")]
    [InlineData("{{ product.sku }} {{ product.price }} {{ product.currency }} {{ product.attributes.colour }}", "24-MB01 34 EUR black")]
    [InlineData("{{ store.website }}/{{ store.storeView }}/{{ store.currency }}", "eu/de/EUR")]
    [InlineData("{% if segments contains 'vip' %}VIP{% endif %}", "VIP")]
    [InlineData("{{ now | date: '%Y-%m-%d' }} {{ 'now' | date: '%Y' }} {{ now }}", "2026-06-15 2026 2026-06-15T12:00:00Z")]
    [InlineData("{{ shopper.nickname }}{{ shopper.attributes.none }}{{ nobody.at.all | default: 'guest' }}", "guest")]
    [InlineData("{% assign name = shopper.firstName | upcase %}{{ name | append: '!' }}", "ZOË!")]
    [InlineData("{% case shopper.country %}{% when 'AT' %}Servus{% when 'DE' %}Hallo{% else %}Hello{% endcase %}", "Hallo")]
    [InlineData("{% unless shopper.city == 'Wien' %}away{% endunless %}{% comment %} {{ x | nothing }} {% endcomment %}", "away")]
    [InlineData("{% raw %}{{ shopper.firstName }}{% endraw %}", "{{ shopper.firstName }}")]
    [InlineData("{% for i in (1..5) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}", "13")]
    [InlineData("{{ 'a,b' | split: ',' | join: '-' }} {{ 'aXbX' | replace: 'X', '+' }} {{ 'a b' | url_encode }}", "a-b a&#x2B;b&#x2B; a%20b")]
    [InlineData("a { b } c", "a { b } c")]
    public void A_template_prints(string source, string expected) => Assert.Equal(expected, Render(source));

    [Theory]
    [InlineData("{{ shopper.attributes.attack }}", Harmless)]
    [InlineData("{{ product.name }}", Harmless)]
    [InlineData("{{ product.name | escape }}", Harmless)]
    [InlineData("{% assign x = product.name %}{{ x }}", Harmless)]
    [InlineData("{{ 'a' | replace: 'a', product.name }}", Harmless)]
    [InlineData("{{ nothing | default: product.name }}", Harmless)]
    [InlineData("{% for c in product.name %}{{ c }}{% endfor %}", Harmless)]
    [InlineData("{{ product.name | first }}{{ product.name | slice: 0, 2 }}{{ product.name | escape_once }}", "&lt;&lt;s" + Harmless)]
    [InlineData("{{ product.name | split: '&' }}", "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;")]
    [InlineData("{% for c in shopper.attributes %}{{ c }}{% endfor %}{{ shopper }}{{ product.attributes }}", "")]
    public void Whatever_is_printed_is_escaped(string source, string expected) => Assert.Equal(expected, Render(source));

    [Theory]
    [InlineData("{{ product.name | raw }}", 1, "no filter raw")]
    [InlineData("one\ntwo {% include 'file' %}", 2, "no tag include")]
    [InlineData("{% capture x %}a{% endcapture %}", 1, "no tag capture")]
    [InlineData("{% cycle product.name, 'b' %}", 1, "no tag cycle")]
    [InlineData("{% param using=ExtendedFilters %}", 1, "no tag param")]
    [InlineData("\n\n{% if shopper.city %}", 3, "if is never closed")]
    [InlineData("a\n{% endfor %}", 2, "endfor does not fit here")]
    [InlineData("{% for x in segments %}{% endif %}{% endfor %}", 1, "endif does not fit here")]
    [InlineData("a\n\n{{ shopper.city", 3, "does not end")]
    [InlineData("{{ 'a }}", 1, "does not end")]
    [InlineData("\n{% for %}{% endfor %}", 2, "'for'")]
    [InlineData("\n{% assign x %}", 2, "'assign'")]
    [InlineData("{% comment %}", 1, "comment is never closed")]
    public void A_faulty_template_is_told_with_its_line(string source, int line, string detail)
    {
        var errors = new List<LiquidError>();
        Assert.Null(LiquidTemplate.Parse(source, errors));
        var error = errors.First(error => error.Detail.Contains(detail, StringComparison.Ordinal));
        Assert.Equal(line, error.Line);
    }

    [Theory]
    [InlineData("{% for i in (1..100000000) %}{% endfor %}")]
    [InlineData("{% for a in (1..1000) %}{% for b in (1..1000) %}{% for c in (1..1000) %}{% endfor %}{% endfor %}{% endfor %}")]
    [InlineData("{% for a in (1..1000) %}{% for b in (1..1000) %}{{ product.name }}{% endfor %}{% endfor %}")]
    [InlineData("{% assign x = 'aaaaaaaaaaaaaaaa' %}{% for a in (1..60) %}{% assign x = x | append: x %}{% endfor %}")]
    [InlineData("{% assign x = 'aaaaaaaaaaaaaaaa' %}{% for a in (1..60) %}{% assign x = x | replace: 'a', x %}{% endfor %}")]
    [InlineData("{% assign x = 'a,a' %}{% for a in (1..60) %}{% assign x = x | split: ',' | join: x %}{% endfor %}")]
    [InlineData("{% for a in (1..100000000) reversed %}{{ a }}{% endfor %}")]
    [InlineData("{{ (1..100000000) }}")]
    [InlineData("{{ (1..100000000) | size }}")]
    [InlineData("{{ (1..100000000) | reverse | first }}")]
    [InlineData("{{ (1..100000000) | join: ',' }}")]
    [InlineData("{% assign r = (1..100000000) %}{{ r | sort | first }}")]
    [InlineData("{% assign n = 100000000 %}{{ (1..n) | uniq | first }}")]
    [InlineData("{% if (1..100000000) contains 0 %}{% endif %}")]
    public void A_template_that_would_not_end_prints_nothing_and_soon(string source)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var errors = new List<LiquidError>();
        var template = LiquidTemplate.Parse(source, errors);
        var failure = "refused";
        Assert.Null(template?.Render(Model, out failure));
        Assert.NotNull(failure);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1L << 30);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Reading_a_template_is_bounded_too()
    {
        Refused(new string('a', LiquidTemplate.MaxSource + 1));
        Refused(string.Concat(Enumerable.Repeat("{% if a %}", 1_000)) + string.Concat(Enumerable.Repeat("{% endif %}", 1_000)));
        Refused("{{ " + string.Concat(Enumerable.Repeat("(a[", 20)) + " }}");
        Refused("{{ a" + string.Concat(Enumerable.Repeat(" | upcase", 100)) + " }}");
        Refused("{{ " + new string('a', 3_000) + " }}");
        Refused(string.Concat(Enumerable.Repeat("{{ a }}", 2_001)));

        static void Refused(string source)
        {
            var errors = new List<LiquidError>();
            Assert.Null(LiquidTemplate.Parse(source, errors));
            Assert.NotEmpty(errors);
        }
    }

    [Fact]
    public void A_template_knows_what_it_speaks_of()
    {
        var template = LiquidTemplate.Of("shopper segments now {{ product.name }}");
        Assert.False(template.UsesShopper || template.UsesSegments || template.UsesTime);
        Assert.True(LiquidTemplate.Of("{% if shopper.city %}{% endif %}").UsesShopper);
        Assert.True(LiquidTemplate.Of("{% for s in segments %}{% endfor %}").UsesSegments);
        Assert.True(LiquidTemplate.Of("{{ 'now' | date: '%H' }}").UsesTime);
    }

    [Fact]
    public void One_template_is_rendered_by_many_at_once()
    {
        var template = LiquidTemplate.Of("{% for i in (1..20) %}{{ product.sku }}{% if i == 10 %}-{% endif %}{% endfor %}");
        Parallel.For(0, 200, n =>
        {
            var sku = "S" + n;
            var expected = string.Concat(Enumerable.Repeat(sku, 10)) + "-" + string.Concat(Enumerable.Repeat(sku, 10));
            Assert.Equal(expected, template.Render(Model with { Product = new() { Sku = sku } }, out _));
        });
    }

    private static string? Render(string source)
    {
        var errors = new List<LiquidError>();
        var template = LiquidTemplate.Parse(source, errors);
        Assert.Empty(errors);
        var printed = template!.Render(Model, out var failure);
        Assert.Null(failure);
        return printed;
    }
}
