using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using DotLiquid;
using DotLiquid.Exceptions;

namespace PersonalizationPlatform.Activation.Templates;

/// <summary>
/// A Liquid template. What its tags print is HTML-escaped, always; it reaches nothing but its model; and what it may cost is bounded.
/// Immutable, and rendered by many at once.
/// </summary>
public sealed partial class LiquidTemplate
{
    /// <summary>Characters of a template.</summary>
    public const int MaxSource = 64 << 10;

    /// <summary>Characters of what a template prints.</summary>
    public const int MaxOutput = 256 << 10;

    /// <summary>Rounds of one loop.</summary>
    public const int MaxIterations = 1_000;

    /// <summary>Loops begun in one rendering, those inside others included.</summary>
    public const int MaxLoops = 200;

    /// <summary>
    /// Milliseconds of one rendering. The last guard, for the processor, so measured by the machine's clock; what is counted stops a
    /// template much sooner, and the same one everywhere.
    /// </summary>
    private const int MaxMilliseconds = 2_000;

    private const SyntaxCompatibility Syntax = SyntaxCompatibility.DotLiquid22a;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>What was parsed, for as long as the copy of the definitions that holds the text lives.</summary>
    private static readonly ConditionalWeakTable<string, LiquidTemplate> Parsed = [];

    private readonly Template? template;

    static LiquidTemplate()
    {
        // First of all, as it makes the library set itself up.
        Liquid.UseRubyDateFormat = true;
        Template.RegisterTag<CountedFor>("for");
        Template.RegexTimeOut = TimeSpan.FromMilliseconds(MaxMilliseconds);
        // This is where the library prints: texts, and lists of them, are escaped, and objects as a whole are not shown at all.
        Template.RegisterValueTypeTransformer(typeof(string), static text => Html.Encode((string)text));
        Template.RegisterValueTypeTransformer(typeof(char), static letter => Html.Encode(letter.ToString()!));
        Template.RegisterValueTypeTransformer(typeof(Dictionary<string, object>), static _ => "");
        Template.RegisterValueTypeTransformer(typeof(KeyValuePair<string, object>), static _ => "");
        Template.RegisterValueTypeTransformer(typeof(DateTime), static at => LiquidValue.Text(at) ?? "");
        Template.RegisterValueTypeTransformer(typeof(IEnumerable), static list => Html.Encode(LiquidValue.Text(list) ?? ""));
        LiquidOperators.Register();
    }

    private LiquidTemplate(Template? template, IReadOnlyList<LiquidTag> tags)
    {
        this.template = template;
        var text = string.Join('\n', tags.Select(tag => tag.Text));
        UsesShopper = Mentions(text, "shopper");
        UsesSegments = Mentions(text, "segments");
        UsesTime = Mentions(text, "now") || Mentions(text, "today");
    }

    /// <summary>Whether it may speak of the shopper, so that attributes need to be read.</summary>
    public bool UsesShopper { get; }

    /// <summary>Whether what it prints may depend on the segments the shopper is in.</summary>
    public bool UsesSegments { get; }

    /// <summary>Whether what it prints may be another at any time.</summary>
    public bool UsesTime { get; }

    /// <summary>Parses a template; null when there is something wrong with it, which is added to <paramref name="errors"/>.</summary>
    public static LiquidTemplate? Parse(string source, List<LiquidError> errors)
    {
        if (source.Length > MaxSource)
        {
            errors.Add(new(1, $"A template has at most {MaxSource} characters."));
            return null;
        }

        var before = errors.Count;
        var tags = LiquidScan.Read(source, errors);
        if (errors.Count > before)
            return null;
        foreach (var tag in tags)
        {
            if (Fault(Alone(tag)) is { } fault)
                errors.Add(new(tag.Line, fault));
        }

        if (errors.Count == before && Fault(source) is { } whole)
            errors.Add(new(1, whole));
        if (errors.Count > before)
            return null;
        var parsed = Template.Parse(source, Syntax);
        parsed.MakeThreadSafe();
        return new(parsed, tags);
    }

    /// <summary>The template of a live definition, parsed once for each copy of the definitions.</summary>
    public static LiquidTemplate Of(string source) => Parsed.GetValue(source, static text => Parse(text, []) ?? new LiquidTemplate(null, []));

    /// <summary>What it prints for the model; null when it fails, which <paramref name="failure"/> then says.</summary>
    public string? Render(TemplateModel model, out string? failure)
    {
        failure = template is null ? "parse" : null;
        if (template is null)
            return null;
        using var output = new BoundedWriter();
        try
        {
            using var guard = new CancellationTokenSource(MaxMilliseconds);
            var registers = Hash.FromDictionary(new Dictionary<string, object> { [LiquidFilters.NowRegister] = model.Now.UtcDateTime });
            var context = new Context([model.ToHash()], new Hash(), registers, ErrorsOutputMode.Rethrow, MaxIterations, CultureInfo.InvariantCulture, guard.Token)
            {
                SyntaxCompatibilityLevel = Syntax,
                UseRubyDateFormat = true,
            };
            context.AddFilters(typeof(LiquidFilters));
            context.AddFilters(typeof(LiquidMath));
            template.Render(output, new RenderParameters(CultureInfo.InvariantCulture) { Context = context });
            return output.ToString();
        }
        catch (Exception exception)
        {
            // Whatever a template does wrong is its own affair: the block is not shown, and the page is.
            failure = exception.GetType().Name;
            return null;
        }
    }

    /// <summary>A tag as a template of its own, so that what is wrong with it can be told with its line.</summary>
    private static string Alone(LiquidTag tag) => tag.Name switch
    {
        "if" or "unless" or "case" or "for" => $"{tag.Text}{{% end{tag.Name} %}}",
        "elsif" => $"{{% if true %}}{tag.Text}{{% endif %}}",
        "when" => $"{{% case 1 %}}{tag.Text}{{% endcase %}}",
        "assign" or "" => tag.Text,
        _ => "",
    };

    private static string? Fault(string source)
    {
        try
        {
            Template.Parse(source, Syntax);
            return null;
        }
        catch (Exception exception) when (exception is LiquidException or RegexMatchTimeoutException or NullReferenceException)
        {
            return exception is SyntaxException ? exception.Message : "This cannot be read.";
        }
    }

    private static bool Mentions(string text, string name) =>
        Word().EnumerateMatches(text) is var words && Any(words, text, name);

    private static bool Any(Regex.ValueMatchEnumerator words, string text, string name)
    {
        foreach (var word in words)
        {
            if (text.AsSpan(word.Index, word.Length).Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    /// <summary>Stops a rendering that prints too much.</summary>
    private sealed class BoundedWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(char value)
        {
            Demand(1);
            base.Write(value);
        }

        public override void Write(string? value)
        {
            Demand(value?.Length ?? 0);
            base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            Demand(count);
            base.Write(buffer, index, count);
        }

        private void Demand(int more)
        {
            if (GetStringBuilder().Length + more > MaxOutput)
                throw new TemplateBoundException("content");
        }
    }
}
