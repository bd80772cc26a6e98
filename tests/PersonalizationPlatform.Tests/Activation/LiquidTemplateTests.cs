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
    [InlineData("{{ 1234567890123456789 | plus: 1 }}", 1, "at most 18 digits")]
    public void A_faulty_template_is_told_with_its_line(string source, int line, string detail)
    {
        var errors = new List<LiquidError>();
        Assert.Null(LiquidTemplate.Parse(source, errors));
        var error = errors.First(error => error.Detail.Contains(detail, StringComparison.Ordinal));
        Assert.Equal(line, error.Line);
    }

    [Theory]
    [InlineData("{{ product.attributes.size }}{{ product.attributes.first }}{{ product.attributes.last }}{{ product.size }}{{ shopper.first }}{{ store.size }}", "")]
    [InlineData("{{ shopper.attributes.size | default: 'M' }}", "M")]
    [InlineData("{{ shopper.attributes.likes.size }} {{ shopper.attributes.likes.first }} {{ segments.last }} {{ product.sku.size }}", "2 bags bags 7")]
    [InlineData("{% if product.attributes.size %}one{% else %}none{% endif %}{% for a in product.attributes %}x{% else %}none{% endfor %}", "nonenone")]
    public void Nothing_has_members_it_was_not_given(string source, string expected) => Assert.Equal(expected, Render(source));

    [Theory]
    [InlineData("{{ 2.5 | round }} {{ 1.125 | round: 2 }} {{ -2.5 | round }} {{ 1234 | round: -2 }} {{ '0.5' | round }}", "3 1.13 -3 1200 1")]
    [InlineData("{{ 2147483647 | plus: 1 }} {{ 999999999999 | times: 999999999999 }} {{ 0.1 | plus: 0.2 }}", "2147483648 999999999998000000000001 0.3")]
    [InlineData("{{ 20 | divided_by: 7 }} {{ 20 | divided_by: 7.0 | round: 3 }} {{ -7 | divided_by: 2 }} {{ -7 | modulo: 3 }} {{ '20' | divided_by: 7 }}", "2 2.857 -4 2 2")]
    [InlineData("[{{ 1 | divided_by: 0 }}{{ 1.5 | modulo: 0 }}{{ product.price | plus: nothing }}{{ 1 | at_most: nothing }}]", "[]")]
    [InlineData("[{{ 9 | times: 100000000000000 | times: 100000000000000 | times: 100000000000000 }}]", "[]")]
    [InlineData("{{ '3 bags' | plus: 1 }} {{ 'bags' | plus: 1 }} {{ '2.50' | times: 2 }} {{ true | plus: 1 }} {{ segments | plus: 1 }}", "4 1 5 1 1")]
    [InlineData("{{ 5 | at_least: 7 }} {{ 5 | at_most: '3' }} {{ 1.2 | ceil }} {{ -1.2 | floor }} {{ -1.5 | abs }}", "7 3 2 -2 1.5")]
    public void Numbers_are_decimal_and_round_as_people_do(string source, string expected) => Assert.Equal(expected, Render(source));

    [Theory]
    [InlineData("{% if 2 < shopper.attributes.shoeSize %}more{% endif %}{% if 42 < shopper.attributes.shoeSize %}, even{% endif %}", "more, even")]
    [InlineData("{% if product.price > '9' %}by value{% endif %}", "by value")]
    [InlineData("{% if product.price > 'x' or product.price < segments or segments > 1 or nothing < 1 or true > 0 %}x{% else %}none{% endif %}", "none")]
    [InlineData("{% if now > '2026-01-01' %}later{% endif %}{% if product.sku contains 24 %}, 24{% endif %}{% if product.sku contains nothing %}x{% endif %}", "later, 24")]
    public void What_cannot_be_compared_is_neither_less_nor_more(string source, string expected) => Assert.Equal(expected, Render(source));

    [Theory]
    [InlineData("{{ 'x' | date: '%Y' }} {{ true | date: '%Y' }} {{ segments | date: '%Y' }} {{ nothing | date: '%Y' }}", "x true vipbags ")]
    [InlineData("{{ 0 | date: '%Y-%m-%d %H:%M' }} {{ '2026-01-02 23:00' | date: '%d. %H:%M' }} {{ 99999999999999999 | date: '%Y' }}", "1970-01-01 00:00 02. 23:00 99999999999999999")]
    [InlineData("{{ now | date }} {{ now | date: '' }} {{ now | date: '%' }}", "2026-06-15T12:00:00Z 2026-06-15T12:00:00Z %")]
    public void Dates_are_printed_alike_wherever_the_service_runs(string source, string expected) => Assert.Equal(expected, Render(source));

    /// <summary>What each filter makes of something unknown, a list, a text, a number and a boolean.</summary>
    [Theory]
    [InlineData("abs", "|0|0|42.5|0")]
    [InlineData("append: 'x'", "x|bags&lt;b&gt;x|Kölnx|42.5x|truex")]
    [InlineData("at_least: 1", "|1|1|42.5|1")]
    [InlineData("at_most: 1", "|0|0|1|0")]
    [InlineData("capitalize", "|Bags&lt;b&gt;|Köln|42.5|True")]
    [InlineData("ceil", "|0|0|43|0")]
    [InlineData("compact", "|bags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("date: '%Y'", "|bags&lt;b&gt;|Köln|1970|true")]
    [InlineData("default: 'd'", "d|bags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("divided_by: 2", "|0|0|21.25|0")]
    [InlineData("downcase", "|bags&lt;b&gt;|köln|42.5|true")]
    [InlineData("escape", "|bags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("escape_once", "|bags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("first", "|bags|K||")]
    [InlineData("floor", "|0|0|42|0")]
    [InlineData("join: '-'", "|bags-&lt;b&gt;|Köln|42.5|true")]
    [InlineData("last", "|&lt;b&gt;|n||")]
    [InlineData("lstrip", "|bags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("minus: 1", "|-1|-1|41.5|-1")]
    [InlineData("modulo: 2", "|0|0|0.5|0")]
    [InlineData("plus: 1", "|1|1|43.5|1")]
    [InlineData("prepend: 'x'", "x|xbags&lt;b&gt;|xKöln|x42.5|xtrue")]
    [InlineData("remove: 'a'", "|bgs&lt;b&gt;|Köln|42.5|true")]
    [InlineData("remove_first: 'b'", "|ags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("replace: 'b', 'c'", "|cags&lt;c&gt;|Köln|42.5|true")]
    [InlineData("replace_first: 'b', 'c'", "|cags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("reverse", "|&lt;b&gt;bags|Köln|42.5|true")]
    [InlineData("round", "|0|0|43|0")]
    [InlineData("rstrip", "|bags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("size", "0|2|4|0|0")]
    [InlineData("slice: 1", "|&lt;b&gt;|ö|2|r")]
    [InlineData("sort", "|&lt;b&gt;bags|Köln|42.5|true")]
    [InlineData("split: 'a'", "|bgs&lt;b&gt;|Köln|42.5|true")]
    [InlineData("strip", "|bags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("strip_newlines", "|bags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("times: 2", "|0|0|85|0")]
    [InlineData("truncate: 4", "|b...|Köln|42.5|true")]
    [InlineData("uniq", "|bags&lt;b&gt;|Köln|42.5|true")]
    [InlineData("upcase", "|BAGS&lt;B&gt;|KÖLN|42.5|TRUE")]
    [InlineData("url_encode", "|bags%3Cb%3E|K%C3%B6ln|42.5|true")]
    public void A_filter_makes_the_best_of_whatever_it_is_given(string filter, string expected) =>
        Assert.Equal(expected, string.Join('|', Inputs.Select(input => Render($"{{{{ {input} | {filter} }}}}"))));

    [Fact]
    public void No_filter_fails_whatever_it_is_given()
    {
        string[] values = [.. Inputs, "now", "shopper", "''", "-1", "'%'", "123456789012345678"];
        string[] two = ["replace", "replace_first", "slice", "truncate"];
        string[] one = [.. two, "append", "at_least", "at_most", "date", "default", "divided_by", "join", "minus", "modulo", "plus", "prepend", "remove", "remove_first", "round", "split", "times"];
        var calls = LiquidFilters.Names.Concat(one.SelectMany(filter => values.Select(argument => $"{filter}: {argument}")))
            .Concat(two.SelectMany(filter => values.Select(argument => $"{filter}: 2, {argument}")));
        foreach (var call in calls)
        {
            foreach (var input in values)
                Render($"{{{{ {input} | {call} }}}}");
        }
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

    private static readonly string[] Inputs = ["shopper.attributes.none", "shopper.attributes.likes", "shopper.city", "shopper.attributes.shoeSize", "shopper.attributes.member"];

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
