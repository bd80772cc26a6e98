using System.Text.RegularExpressions;

namespace PersonalizationPlatform.Activation.Templates;

/// <summary>Something wrong with a template, and on which of its lines, counted from 1.</summary>
public sealed record LiquidError(int Line, string Detail);

/// <summary>A tag (<c>{% if … %}</c>) or an output (<c>{{ … }}</c>, without a name).</summary>
internal sealed record LiquidTag(int Line, string Name, string Markup, string Text);

/// <summary>
/// Looks over a template before it is parsed: what is not allowed is told with its line, and how deep, long and many its tags are is
/// bounded, so that neither parsing nor rendering can be made to run away.
/// </summary>
internal sealed partial class LiquidScan
{
    private const int MaxTags = 2_000;
    private const int MaxTagLength = 2_000;
    private const int MaxDepth = 30;
    private const int MaxFilters = 30;

    /// <summary>Blocks, each with the tags that may stand in it only.</summary>
    private static readonly Dictionary<string, string[]> Blocks = new(StringComparer.Ordinal)
    {
        ["if"] = ["elsif", "else"],
        ["unless"] = ["elsif", "else"],
        ["case"] = ["when", "else"],
        ["for"] = ["else"],
    };

    private static readonly HashSet<string> Verbatim = new(StringComparer.Ordinal) { "raw", "comment" };
    private static readonly HashSet<string> Simple = new(StringComparer.Ordinal) { "assign", "break", "continue" };

    private readonly string source;
    private readonly List<LiquidError> errors;
    private readonly List<LiquidTag> tags = [];
    private readonly Stack<LiquidTag> open = [];

    private LiquidScan(string source, List<LiquidError> errors)
    {
        this.source = source;
        this.errors = errors;
    }

    /// <summary>The template's tags; problems are added to <paramref name="errors"/>.</summary>
    public static IReadOnlyList<LiquidTag> Read(string source, List<LiquidError> errors)
    {
        var scan = new LiquidScan(source, errors);
        scan.Run();
        return scan.tags;
    }

    private void Run()
    {
        var line = 1;
        var counted = 0;
        for (var at = Next(0); at >= 0;)
        {
            line += source.AsSpan(counted, at - counted).Count('\n');
            counted = at;
            var end = EndOfTag(at);
            if (end < 0 || tags.Count == MaxTags || end - at > MaxTagLength)
            {
                errors.Add(new(line, end < 0 ? "This tag does not end." : tags.Count == MaxTags ? $"A template has at most {MaxTags} tags." : $"A tag has at most {MaxTagLength} characters."));
                return;
            }

            var tag = Tag(line, source[at..end]);
            tags.Add(tag);
            if (Verbatim.Contains(tag.Name))
            {
                var close = Regex.Match(source[end..], $@"\{{%-?\s*end{tag.Name}\s*-?%\}}", RegexOptions.None, TimeSpan.FromSeconds(1));
                if (!close.Success)
                {
                    errors.Add(new(line, $"{tag.Name} is never closed."));
                    return;
                }

                at = Next(end + close.Index + close.Length);
                continue;
            }

            Check(tag);
            at = Next(end);
        }

        foreach (var left in open)
            errors.Add(new(left.Line, $"{left.Name} is never closed."));
    }

    private int Next(int from)
    {
        for (var i = source.IndexOf('{', from); i >= 0 && i + 1 < source.Length; i = source.IndexOf('{', i + 1))
        {
            if (source[i + 1] is '{' or '%')
                return i;
        }

        return -1;
    }

    /// <summary>Just behind the tag, quoted text left aside; -1 when it does not end.</summary>
    private int EndOfTag(int at)
    {
        var closing = source[at + 1] == '{' ? '}' : '%';
        for (var i = at + 2; i + 1 < source.Length; i++)
        {
            if (source[i] is '\'' or '"')
            {
                i = source.IndexOf(source[i], i + 1);
                if (i < 0)
                    return -1;
            }
            else if (source[i] == closing && source[i + 1] == '}')
            {
                return i + 2;
            }
        }

        return -1;
    }

    private static LiquidTag Tag(int line, string text)
    {
        var markup = text[2..^2].Trim().Trim('-').Trim();
        if (text[1] == '{')
            return new(line, "", markup, text);
        var length = 0;
        while (length < markup.Length && (char.IsAsciiLetter(markup[length]) || markup[length] == '_'))
            length++;
        return new(line, length == 0 ? "?" : markup[..length], markup[length..].Trim(), text);
    }

    private void Check(LiquidTag tag)
    {
        CheckFilters(tag);
        if (tag.Name.Length == 0 || Simple.Contains(tag.Name))
            return;
        if (Blocks.ContainsKey(tag.Name))
        {
            open.Push(tag);
            if (open.Count > MaxDepth)
                errors.Add(new(tag.Line, $"Blocks stand in one another at most {MaxDepth} deep."));
        }
        else if (open.TryPeek(out var block) && tag.Name == "end" + block.Name)
        {
            open.Pop();
        }
        else if (block is null || !Blocks[block.Name].Contains(tag.Name, StringComparer.Ordinal))
        {
            errors.Add(new(tag.Line, Blocks.Keys.Any(name => tag.Name == "end" + name) || Blocks.Values.Any(inner => inner.Contains(tag.Name))
                ? $"{tag.Name} does not fit here."
                : $"There is no tag {tag.Name}; there are {string.Join(", ", Blocks.Keys.Concat(Simple).Concat(Verbatim))}."));
        }
    }

    private void CheckFilters(LiquidTag tag)
    {
        var bare = Quoted().Replace(tag.Markup, "''");
        if (bare.Count(letter => letter is '(' or '[') > 8)
            errors.Add(new(tag.Line, "At most 8 brackets in a tag."));
        // Elsewhere than in a loop, which counts, a range of any length would be walked through uncounted.
        if (tag.Name != "for" && bare.Contains("..", StringComparison.Ordinal))
            errors.Add(new(tag.Line, "A range stands in a for only."));
        if (LongNumber().IsMatch(bare))
            errors.Add(new(tag.Line, "A number has at most 18 digits."));
        var filters = Filter().Matches(bare);
        if (filters.Count > MaxFilters)
            errors.Add(new(tag.Line, $"At most {MaxFilters} filters in a tag."));
        foreach (var name in filters.Select(filter => filter.Groups[1].Value).Where(name => !LiquidFilters.Names.Contains(name)))
            errors.Add(new(tag.Line, $"There is no filter {name}; there are {string.Join(", ", LiquidFilters.Names.Order(StringComparer.Ordinal))}."));
    }

    [GeneratedRegex(@"\b[0-9]{19,}")]
    private static partial Regex LongNumber();

    [GeneratedRegex(@"'[^']*'|""[^""]*""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\|\s*([A-Za-z_0-9]*)")]
    private static partial Regex Filter();
}
