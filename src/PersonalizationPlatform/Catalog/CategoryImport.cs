using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Catalog;

/// <summary>
/// Gathers the categories of a request, in either shape, and writes them in one step: what counts is how the tree looks in the end, in
/// whatever order they come. Bounded by <see cref="CategoryTree.MaxCount"/>.
/// </summary>
public sealed class CategoryImport(Categories categories)
{
    /// <summary>Bytes; larger trees are sent as a body of their own.</summary>
    internal const int MaxLine = 4 << 20;

    private const int MaxListed = 100;
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = StrictJson.MaxDepth };

    private readonly Dictionary<string, CategoryNode> given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Line, int? Item)> places = new(StringComparer.Ordinal);
    private readonly List<RefusedLine> refused = [];
    private long refusedCount;
    private bool foreign;

    /// <summary>One category, or one tree or page of <c>items</c>, a line.</summary>
    public async Task AddAsync(IAsyncEnumerable<RequestLine> lines, CancellationToken cancellationToken)
    {
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            if (line.TooLong)
            {
                Refuse(new(line.Number, "line.tooLong", $"A line has at most {MaxLine} bytes."));
                continue;
            }

            try
            {
                using var json = JsonDocument.Parse(line.Bytes, Deep);
                Add(json.RootElement, line.Number);
            }
            catch (JsonException e)
            {
                Refuse(new(line.Number, "json.syntax", $"The line is not JSON: byte {e.BytePositionInLine + 1}."));
            }
        }
    }

    /// <summary>One category, a tree, or a page of them.</summary>
    /// <param name="line">What to call it where something is refused.</param>
    public void Add(JsonElement json, long line)
    {
        if (ProductImport.PageOf(json) is not { } page)
        {
            AddOne(json, line, null);
            return;
        }

        var place = 0;
        foreach (var item in page.EnumerateArray())
            AddOne(item, line, place++);
    }

    /// <summary>What was wrong with what was added last, in itself or, once it is written, in its place in the tree.</summary>
    public IReadOnlyList<ProblemError> Errors { get; private set; } = [];

    /// <summary>What became of the categories that were not refused before they were written.</summary>
    internal WrittenCategories? Written { get; private set; }

    /// <summary>Writes what was gathered.</summary>
    /// <param name="dryRun">Only tells what would become of it.</param>
    public async Task<BulkAnswer> WriteAsync(bool dryRun, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Another system's categories may be a part of its tree, whose top is never sent.
        Written = await categories.WriteAsync(given, parentsKnown: !foreign, dryRun, now, cancellationToken);
        var wrong = Written.Refused;
        Errors = [.. Errors, .. wrong.Values];
        foreach (var (id, error) in wrong)
            Refuse(new(places[id].Line, error.Code, error.Detail, places[id].Item));
        return new(given.Count - wrong.Count, refusedCount, [.. refused.OrderBy(line => line.Line).ThenBy(line => line.Item)]);
    }

    private void AddOne(JsonElement json, long line, int? item)
    {
        var errors = new List<ProblemError>();
        JsonText.Check(json, "$", errors);
        if (errors.Count == 0 && AdobeCategory.Is(json))
        {
            foreign = true;
            foreach (var node in AdobeCategory.Read(json, errors))
                Put(node, line, item);
        }
        else if (errors.Count == 0 && StrictJson.Read<CategoryRequest>(json, errors)?.ToNode(null, errors) is { } node)
        {
            Put(node, line, item);
        }

        Errors = errors;
        if (errors.Count > 0)
            Refuse(new(line, errors[0].Code, string.Join(" ", errors.Take(20).Select(error => $"{error.Path}: {error.Detail}")), item));
    }

    private void Put(CategoryNode node, long line, int? item)
    {
        given[node.Id] = node;
        places[node.Id] = (line, item);
        if (given.Count > CategoryTree.MaxCount)
            throw ProblemException.Invalid("category.count", $"There can be {CategoryTree.MaxCount:N0} categories.");
    }

    private void Refuse(RefusedLine line)
    {
        if (++refusedCount <= MaxListed)
            refused.Add(line);
    }
}
