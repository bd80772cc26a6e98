using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Mvc;

namespace PersonalizationPlatform.Http;

/// <summary>One page of a list. A short page is not the end: the end is a page without <paramref name="NextCursor"/>.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Which page is asked for.</summary>
public sealed class PageQuery
{
    public const int MaxLimit = 200;

    /// <summary>The <c>nextCursor</c> of the page before; absent for the first page.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>How many items at most, 1 to 200.</summary>
    [FromQuery(Name = "limit")]
    public int Limit { get; init; } = 50;

    /// <summary>The sort key after which this page starts; null for the first. 400 <c>page.limit</c> or <c>page.cursor</c>.</summary>
    public string? After()
    {
        if (Limit is < 1 or > MaxLimit)
            throw ProblemException.Invalid("page.limit", $"limit must be 1 to {MaxLimit}.");
        if (string.IsNullOrEmpty(Cursor))
            return null;
        try
        {
            var after = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Cursor));
            if (!after.Contains('\0'))
                return after;
        }
        catch (FormatException)
        {
            // Told below, like every other cursor that we did not give.
        }

        throw ProblemException.Invalid("page.cursor", "cursor must be the nextCursor of a page before.");
    }

    /// <summary>Makes the page from up to <see cref="Limit"/> + 1 rows in order.</summary>
    public Page<TItem> Of<TRow, TItem>(IReadOnlyList<TRow> rows, Func<TRow, string> sortKey, Func<TRow, TItem> item) => new(
        [.. rows.Take(Limit).Select(item)],
        rows.Count > Limit ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(sortKey(rows[Limit - 1]))) : null);
}
