using System.Text.Json;
using PersonalizationPlatform.Activation.Templates;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>A block as a person writes it. A PUT replaces all of it.</summary>
[ReadOnlyMembers("id", "version", "createdAt", "updatedAt")]
public sealed record DynamicBlockRequest
{
    public required string Name { get; init; }

    /// <summary>Made from the name when absent.</summary>
    public string? Key { get; init; }

    /// <summary><c>live</c> when absent in a new block; unchanged when absent in a PUT.</summary>
    public DefinitionStatus? Status { get; init; }

    /// <summary>Where it shows by itself; a page can always ask for it by key.</summary>
    public IReadOnlyList<BlockLocation>? Locations { get; init; }

    /// <summary>HTML for every store view that <see cref="Contents"/> does not name; the same as <c>contents.default</c>.</summary>
    public string? Content { get; init; }

    /// <summary>
    /// Store view code, or <c>default</c>, to HTML. Without <c>default</c> the block shows in the store views named only; an empty text
    /// hides it in that one.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Contents { get; init; }

    /// <summary>
    /// <c>html</c> when absent: the contents are given out as they are. <c>liquid</c>: they are rendered for each shopper, and what their
    /// tags print is escaped.
    /// </summary>
    public BlockTemplate? Template { get; init; }

    /// <summary>Ids or keys; any of them will do. Where <c>audiences</c> are named too, it takes one of each. None of both = everybody.</summary>
    public IReadOnlyList<string>? Segments { get; init; }

    /// <summary>Ids or keys; any of them will do. Where <c>segments</c> are named too, it takes one of each.</summary>
    public IReadOnlyList<string>? Audiences { get; init; }

    /// <summary>
    /// Ids or keys of cart price rules. The block shows only while one of them, or of <c>catalogRules</c>, or a rule that itself
    /// names the block, applies.
    /// </summary>
    public IReadOnlyList<string>? CartRules { get; init; }

    /// <summary>Ids or keys of catalogue price rules, each of which applies while it matches the product that is viewed.</summary>
    public IReadOnlyList<string>? CatalogRules { get; init; }

    /// <summary>Shown from this instant on, it included.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Not shown from this instant on.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Lower comes first; 0 when absent. Equal ones come by key.</summary>
    public int? Priority { get; init; }

    /// <summary>The website it shows on; absent = every one.</summary>
    public string? Website { get; init; }
}

/// <summary>A block as it is kept.</summary>
/// <param name="Content">What <c>contents.default</c> holds.</param>
public sealed record DynamicBlockAnswer(
    Guid Id, string Key, string Name, DefinitionStatus Status, int Version, IReadOnlyList<BlockLocation> Locations, string? Content,
    IReadOnlyDictionary<string, string> Contents, IReadOnlyList<Guid> Segments, IReadOnlyList<Guid> Audiences,
    BlockTemplate Template, IReadOnlyList<Guid> CartRules, IReadOnlyList<Guid> CatalogRules, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, int Priority, string? Website, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static DynamicBlockAnswer Of(DynamicBlock block)
    {
        var contents = BlockContents.Read(block.Contents);
        return new(
            block.Id, block.Key, block.Name, block.Status, block.Version, [.. block.Locations.Select(name => Enum.Parse<BlockLocation>(name, true))],
            contents.GetValueOrDefault(BlockContents.Default), contents, block.Segments, block.Audiences,
            block.Template, block.CartRules, block.CatalogRules, block.StartsAt, block.EndsAt, block.Priority, block.Website, block.CreatedAt, block.UpdatedAt);
    }
}

/// <summary>The content of a block per store view.</summary>
internal static class BlockContents
{
    /// <summary>The entry for every store view that has none of its own.</summary>
    public const string Default = "default";

    /// <summary>Faults of one template told at once.</summary>
    private const int MaxFaults = 20;

    public static Dictionary<string, string> Read(string stored) => StoreView.ByCode(JsonSerializer.Deserialize<Dictionary<string, string>>(stored)!);

    public static string Write(IReadOnlyDictionary<string, string> contents) => JsonSerializer.Serialize(contents);

    /// <summary>What a request's <c>content</c> and <c>contents</c> say together; problems are added to <paramref name="errors"/>.</summary>
    public static IReadOnlyDictionary<string, string> Of(DynamicBlockRequest request, List<ProblemError> errors)
    {
        var contents = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (storeView, content) in request.Contents ?? new Dictionary<string, string>())
        {
            if (storeView.Length is 0 or > 64)
                errors.Add(new("$.contents", "block.storeView", "A store view's code has 1 to 64 characters."));
            // Nothing to show in a store view is said by null, too.
            if (!contents.TryAdd(storeView, content ?? ""))
                errors.Add(new("$.contents." + storeView, "block.storeView", "A store view has one content; its code in upper or lower case is the same."));
            if (request.Template == BlockTemplate.Liquid)
                CheckTemplate(contents[storeView], "$.contents." + storeView, errors);
        }

        if (request.Template == BlockTemplate.Liquid && request.Content is { } liquid)
            CheckTemplate(liquid, "$.content", errors);

        if (request.Content is { } given && !contents.TryAdd(Default, given) && contents[Default] != given)
            errors.Add(new("$.content", "block.contentTwice", "content and contents.default must be the same, or one of them left out."));
        if (contents.Count == 0)
            errors.Add(new("$.content", "block.content", "Give content, or contents per store view."));
        return contents;
    }

    private static void CheckTemplate(string source, string path, List<ProblemError> errors)
    {
        var faults = new List<LiquidError>();
        LiquidTemplate.Parse(source, faults);
        errors.AddRange(faults.Take(MaxFaults).Select(fault => new ProblemError(path, "block.template", $"Line {fault.Line}: {fault.Detail}")));
    }
}
