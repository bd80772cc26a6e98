using System.Globalization;
using System.Text;
using Npgsql;

namespace PersonalizationPlatform.Activation.Coupons.Batches;

/// <summary>A batch's codes as CSV (RFC 4180, UTF-8), row by row as the database gives them: a million take no more memory than one.</summary>
public sealed class CouponCsv(NpgsqlDataSource database)
{
    public const string Header = "code,created_at,times_used,expires_at";
    private const int RowsAPiece = 500;

    private const string Select = """
        select c.code, c.created_at, coalesce(n.redeemed, 0), c.expires_at
        from coupon c left join coupon_count n on n.rule_id = c.rule_id and n.code_key = c.code_key
        where c.batch_id = $1 order by c.code_key
        """;

    /// <summary>In the order of the codes.</summary>
    public async Task WriteAsync(Guid batch, Stream to, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Select);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = batch });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        // Written in pieces, and never by a full buffer: a response takes nothing that is written synchronously.
        var piece = new StringBuilder(Header).Append("\r\n");
        for (var rows = 1; await reader.ReadAsync(cancellationToken); rows++)
        {
            piece.Append(Cell(reader.GetString(0))).Append(',').Append(Instant(reader.GetFieldValue<DateTimeOffset>(1))).Append(',')
                .Append(reader.GetInt32(2)).Append(',').Append(reader.IsDBNull(3) ? "" : Instant(reader.GetFieldValue<DateTimeOffset>(3))).Append("\r\n");
            if (rows % RowsAPiece == 0)
                await WriteAsync(piece, to, cancellationToken);
        }

        await WriteAsync(piece, to, cancellationToken);
    }

    /// <summary>A text that a spreadsheet would take for a formula is given an apostrophe first, which makes it a text there.</summary>
    internal static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            text = "'" + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static async Task WriteAsync(StringBuilder piece, Stream to, CancellationToken cancellationToken)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(piece.ToString()), cancellationToken);
        piece.Clear();
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
