using System.Buffers.Text;
using System.Text.Json;

namespace PersonalizationPlatform.Http;

/// <summary>One page of a list.</summary>
/// <param name="Items">What is on it. A short page is not the end.</param>
/// <param name="NextCursor">Send it as <c>cursor</c> for what comes next; missing at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>The same page of something made from each item.</summary>
    public Page<TOther> Select<TOther>(Func<T, TOther> make) => new([.. Items.Select(make)], NextCursor);
}

/// <summary>Paging by key: a cursor holds the sort key of the last item, so that inserts and deletes in between neither repeat nor hide anything.</summary>
public static class Paging
{
    public const int DefaultLimit = 50;
    public const int MaximumLimit = 200;

    /// <summary>The limit a caller asked for, or a problem.</summary>
    public static int Limit(int? asked) => asked switch
    {
        null => DefaultLimit,
        >= 1 and <= MaximumLimit => asked.Value,
        _ => throw ProblemException.Invalid(
            "limit.outOfRange", $"limit must be 1 to {MaximumLimit}.", new ProblemError("limit", "limit.outOfRange", $"A number from 1 to {MaximumLimit}.")),
    };

    /// <summary>The page of what a query for one more than <paramref name="limit"/> found.</summary>
    public static Page<T> Of<T, TKey>(IReadOnlyList<T> found, int limit, Func<T, TKey> key) => found.Count > limit
        ? new Page<T>([.. found.Take(limit)], Cursor(key(found[limit - 1])))
        : new Page<T>(found, null);

    /// <summary>A cursor that holds a sort key (a number, text, id, instant or tuple of those as a record).</summary>
    public static string Cursor<TKey>(TKey key) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(key));

    /// <summary>The sort key in a cursor, or a problem: cursors are ours, and not to be made up.</summary>
    public static TKey Read<TKey>(string cursor)
    {
        try
        {
            return JsonSerializer.Deserialize<TKey>(Base64Url.DecodeFromChars(cursor))!;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw ProblemException.Invalid(
                "cursor.invalid", "The cursor is not one this list has given out.", new ProblemError("cursor", "cursor.invalid", "The nextCursor of the page before."));
        }
    }
}
