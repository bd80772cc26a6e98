using Microsoft.AspNetCore.Mvc;

namespace PersonalizationPlatform.Http;

/// <summary>Which page of a list in the order of a text is asked for.</summary>
public sealed class PageQuery
{
    /// <summary>The <c>nextCursor</c> of the page before; absent for the first page.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>How many items at most, 1 to 200; 50 when absent.</summary>
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>How many rows to read: one more than the page holds tells whether there is a next one.</summary>
    internal int Rows => Paging.Limit(Limit) + 1;

    /// <summary>The sort key after which this page starts; null for the first.</summary>
    internal string? After()
    {
        var after = string.IsNullOrEmpty(Cursor) ? null : Paging.Read<string>(Cursor);
        return after?.Contains('\0') == true ? throw ProblemException.Invalid("cursor.invalid", "The cursor is not one this list has given out.") : after;
    }

    /// <summary>Makes the page from up to <see cref="Rows"/> rows in order.</summary>
    internal Page<TItem> Of<TRow, TItem>(IReadOnlyList<TRow> rows, Func<TRow, string> sortKey, Func<TRow, TItem> item) =>
        Paging.Of(rows, Rows - 1, sortKey).Select(item);
}
