using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PersonalizationPlatform.Bench;

/// <summary>
/// Storefront requests of a shop: the shapes that Adobe Commerce's own storefront client sends, about 1 KB an event, with the
/// visitor, the id, the time and the product filled in. Every id is new.
/// </summary>
internal sealed class Traffic(int visitors, TimeProvider time)
{
    /// <summary>The product that puts whoever adds it to the cart into the segment of <see cref="Shop.MarkedKey"/>.</summary>
    public const string MarkedSku = "MARKED";

    private const int AddToCart = 2;

    /// <summary>Each shape as the pieces between its fields; how often it comes is how often it is listed.</summary>
    private readonly (byte[] Text, string? Field)[][] shapes = Read();
    private readonly int[] drawn = Draw();

    public int Visitors => visitors;

    /// <summary>A visitor's ECID: 38 digits.</summary>
    public static string Ecid(int visitor) => "82905100796805013051982538514" + visitor.ToString("D9", CultureInfo.InvariantCulture);

    /// <summary>Writes a batch of events of random visitors.</summary>
    public void WriteBatch(Worker worker, int events) => WriteBatch(worker, events, _ => worker.Dice.Next(visitors));

    /// <summary>Writes a batch of events, each of the visitor named for it.</summary>
    public void WriteBatch(Worker worker, int events, Func<int, int> visitor)
    {
        worker.Content.Write("{\"events\":["u8);
        for (var i = 0; i < events; i++)
        {
            worker.Content.Write(i == 0 ? "{\"xdm\":"u8 : ",{\"xdm\":"u8);
            Write(worker, shapes[drawn[worker.Dice.Next(drawn.Length)]], visitor(i), "SKU-" + worker.Dice.Next(2_000).ToString(CultureInfo.InvariantCulture));
            worker.Content.Write("}"u8);
        }

        worker.Content.Write("]}"u8);
    }

    /// <summary>Writes the one event that makes the visitor a member of the marked segment.</summary>
    public void WriteMark(Worker worker, int visitor) => Write(worker, shapes[AddToCart], visitor, MarkedSku);

    private void Write(Worker worker, (byte[] Text, string? Field)[] shape, int visitor, string sku)
    {
        var id = Guid.NewGuid();
        foreach (var (text, field) in shape)
        {
            worker.Content.Write(text);
            if (field is not null)
                Encoding.ASCII.GetBytes(field switch
                {
                    "ecid" => Ecid(visitor),
                    "id" => id.ToString(),
                    "at" => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                    "sku" => sku,
                    _ => throw new BenchException($"shapes.json has an unknown field {field}."),
                }, worker.Content);
        }
    }

    private static (byte[], string?)[][] Read()
    {
        using var file = JsonDocument.Parse(BenchFiles.Read("shapes.json"));
        return [.. file.RootElement.EnumerateArray().Select(shape => Pieces(shape.GetProperty("xdm").GetRawText()))];
    }

    private static int[] Draw()
    {
        using var file = JsonDocument.Parse(BenchFiles.Read("shapes.json"));
        return [.. file.RootElement.EnumerateArray().SelectMany((shape, n) => Enumerable.Repeat(n, shape.GetProperty("share").GetInt32()))];
    }

    /// <summary>Cuts at <c>"{field}"</c>, keeping the quotes.</summary>
    private static (byte[], string?)[] Pieces(string text)
    {
        var pieces = new List<(byte[], string?)>();
        while (text.IndexOf("\"{", StringComparison.Ordinal) is >= 0 and var open)
        {
            var close = text.IndexOf("}\"", open, StringComparison.Ordinal);
            pieces.Add((Encoding.UTF8.GetBytes(text[..(open + 1)]), text[(open + 2)..close]));
            text = text[(close + 1)..];
        }

        pieces.Add((Encoding.UTF8.GetBytes(text), null));
        return [.. pieces];
    }
}
