using System.Text.Json;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

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

    /// <summary>Store view code, or <c>default</c>, to HTML. Without <c>default</c> the block shows in the store views named only.</summary>
    public IReadOnlyDictionary<string, string>? Contents { get; init; }

    /// <summary>Ids or keys; any of them, or of the audiences, will do. None of both = everybody.</summary>
    public IReadOnlyList<string>? Segments { get; init; }

    /// <summary>Ids or keys.</summary>
    public IReadOnlyList<string>? Audiences { get; init; }

    /// <summary>Shown from this instant on, it included.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Not shown from this instant on.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Lower comes first; 0 when absent. Equal ones come by key.</summary>
    public int Priority { get; init; }

    /// <summary>The website it shows on; absent = every one.</summary>
    public string? Website { get; init; }
}

/// <summary>A block as it is kept.</summary>
/// <param name="Content">What <c>contents.default</c> holds.</param>
public sealed record DynamicBlockAnswer(
    Guid Id, string Key, string Name, DefinitionStatus Status, int Version, IReadOnlyList<BlockLocation> Locations, string? Content,
    IReadOnlyDictionary<string, string> Contents, IReadOnlyList<Guid> Segments, IReadOnlyList<Guid> Audiences,
    DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, int Priority, string? Website, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static DynamicBlockAnswer Of(DynamicBlock block)
    {
        var contents = BlockContents.Read(block.Contents);
        return new(
            block.Id, block.Key, block.Name, block.Status, block.Version, [.. block.Locations.Select(name => Enum.Parse<BlockLocation>(name, true))],
            contents.GetValueOrDefault(BlockContents.Default), contents, block.Segments, block.Audiences,
            block.StartsAt, block.EndsAt, block.Priority, block.Website, block.CreatedAt, block.UpdatedAt);
    }
}

/// <summary>The content of a block per store view.</summary>
internal static class BlockContents
{
    /// <summary>The entry for every store view that has none of its own.</summary>
    public const string Default = "default";

    public static Dictionary<string, string> Read(string stored) => JsonSerializer.Deserialize<Dictionary<string, string>>(stored)!;

    public static string Write(IReadOnlyDictionary<string, string> contents) => JsonSerializer.Serialize(contents);

    /// <summary>What a request's <c>content</c> and <c>contents</c> say together; problems are added to <paramref name="errors"/>.</summary>
    public static IReadOnlyDictionary<string, string> Of(DynamicBlockRequest request, List<ProblemError> errors)
    {
        var contents = new Dictionary<string, string>(request.Contents ?? new Dictionary<string, string>());
        foreach (var (storeView, html) in contents)
        {
            if (storeView.Length is 0 or > 64)
                errors.Add(new("$.contents", "block.storeView", "A store view's code has 1 to 64 characters."));
            if (html is null)
                errors.Add(new("$.contents." + storeView, "json.type", "This must be a text."));
        }

        if (request.Content is { } content && !contents.TryAdd(Default, content) && contents[Default] != content)
            errors.Add(new("$.content", "block.contentTwice", "content and contents.default must be the same, or one of them left out."));
        if (contents.Count == 0)
            errors.Add(new("$.content", "block.content", "Give content, or contents per store view."));
        return contents;
    }
}
