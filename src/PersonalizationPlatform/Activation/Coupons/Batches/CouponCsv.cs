using System.Globalization;
using System.Text;
using Npgsql;

namespace PersonalizationPlatform.Activation.Coupons.Batches;

/// <summary>A batch's codes as CSV (RFC 4180, UTF-8), row by row as the database gives them: a million take no more memory than one.</summary>
public sealed class CouponCsv(NpgsqlDataSource database)
{
    public const string Header = "code,created_at,times_used,expires_at";
    private const int FlushEvery = 1_000;

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
        await using var writer = new StreamWriter(to, new UTF8Encoding(false), 1 << 15, leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(Header);
        for (var rows = 1; await reader.ReadAsync(cancellationToken); rows++)
        {
            writer.Write(Cell(reader.GetString(0)));
            writer.Write(',');
            writer.Write(Instant(reader.GetFieldValue<DateTimeOffset>(1)));
            writer.Write(',');
            writer.Write(reader.GetInt32(2));
            writer.Write(',');
            writer.WriteLine(reader.IsDBNull(3) ? "" : Instant(reader.GetFieldValue<DateTimeOffset>(3)));
            if (rows % FlushEvery == 0)
                await writer.FlushAsync(cancellationToken);
        }
    }

    /// <summary>A text that a spreadsheet would take for a formula is given an apostrophe first, which makes it a text there.</summary>
    internal static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            text = "'" + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
