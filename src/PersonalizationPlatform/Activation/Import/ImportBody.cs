using System.Runtime.CompilerServices;
using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>
/// Splits a body into its items while it arrives, so that memory does not grow with it. Each part is a page as the REST API gives it
/// (<c>{ "items": [...] }</c>), a plain list or one item by itself; categories are a tree. Nothing nests too deep to be skipped.
/// </summary>
internal sealed class ImportBody(Stream body)
{
    /// <summary>Bytes of a body.</summary>
    public const long MaxLength = 256L << 20;

    /// <summary>Bytes of one item; all categories are one.</summary>
    public const int MaxItem = 32 << 20;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000_000 };

    private enum At
    {
        Start,
        Root,
        Part,
        Page,
        PageItems,
        Items,
        Skip,
        Done,
    }

    private byte[] buffer = new byte[128 * 1024];
    private int start;
    private int end;
    private long length;
    private bool final;
    private JsonReaderState state = new(Options);
    private At at = At.Start;
    private At after;
    private bool inPage;
    private string member = "";
    private ImportPart part;
    private long index;

    /// <exception cref="ProblemException">400 <c>json.syntax</c>, <c>import.shape</c>; 413 <c>import.tooLarge</c>, <c>import.itemTooLarge</c>.</exception>
    public async IAsyncEnumerable<ImportItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // An item that is not there as a whole is looked at again only when twice as much of it has come.
            await FillAsync(2 * (end - start), cancellationToken);
            while (Next(out var item))
            {
                if (item is not null)
                    yield return item;
            }

            if (final && at == At.Done)
                yield break;
        }
    }

    private async Task FillAsync(int wanted, CancellationToken cancellationToken)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end >= MaxItem && !final)
            throw new ProblemException(413, "import.itemTooLarge", $"One item, and all categories together, have at most {MaxItem >> 20} MB.");
        wanted = Math.Clamp(wanted, 1, MaxItem);
        if (buffer.Length < wanted)
            Array.Resize(ref buffer, wanted);
        do
        {
            var read = await body.ReadAsync(buffer.AsMemory(end), cancellationToken);
            final = read == 0;
            end += read;
            length += read;
            if (length > MaxLength)
                throw new ProblemException(413, "import.tooLarge", $"A body has at most {MaxLength >> 20} MB; send the parts one after another.");
        }
        while (!final && end < wanted);
    }

    /// <summary>Goes on by one token or item; false when more bytes are needed, or there are none.</summary>
    private bool Next(out ImportItem? item)
    {
        item = null;
        var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), final, state);
        try
        {
            if (!reader.Read())
                return false;
            if (!Step(ref reader, out item))
                return false;
        }
        catch (JsonException e)
        {
            var detail = $"This is not JSON from line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} on.";
            throw ProblemException.Invalid("json.syntax", detail, new ProblemError("$", "json.syntax", detail));
        }

        start += (int)reader.BytesConsumed;
        state = reader.CurrentState;
        return true;
    }

    private bool Step(ref Utf8JsonReader reader, out ImportItem? item)
    {
        item = null;
        switch (at)
        {
            case At.Start:
                if (reader.TokenType != JsonTokenType.StartObject)
                    throw Shape("$", "The body must be one JSON object with the parts salesRules, coupons, customerSegments, customerGroups, products, categories.");
                at = At.Root;
                return true;
            case At.Root:
                if (reader.TokenType == JsonTokenType.PropertyName)
                    BeginPart(ref reader);
                else
                    at = At.Done;
                return true;
            case At.Part:
                return Value(ref reader, out item);
            case At.Page:
                if (reader.TokenType == JsonTokenType.EndObject)
                    at = At.Root;
                else if (JsonText.IsNamed(ref reader, "items"u8))
                    at = At.PageItems;
                else
                    (at, after) = (At.Skip, At.Page);
                return true;
            case At.PageItems:
                if (reader.TokenType == JsonTokenType.Null)
                    at = At.Page;
                else if (reader.TokenType != JsonTokenType.StartArray)
                    throw Shape($"$.{member}.items", "items must be a list.");
                else
                    at = At.Items;
                return true;
            case At.Items:
                if (reader.TokenType == JsonTokenType.EndArray)
                {
                    at = inPage ? At.Page : At.Root;
                    return true;
                }

                return Take(ref reader, $"$.{member}{(inPage ? ".items" : "")}[{index}]", out item);
            case At.Skip:
                // A value has ended when the reader is back where the value began.
                if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.CurrentDepth <= (after == At.Root ? 1 : 2))
                    at = after;
                return true;
            default:
                return true;
        }
    }

    private void BeginPart(ref Utf8JsonReader reader)
    {
        try
        {
            member = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Shape("$", "The name of a part holds half a surrogate pair.");
        }

        (part, index, inPage, at) = (ImportItem.PartOf(member), 0, false, At.Part);
    }

    /// <summary>The value of a part begins.</summary>
    private bool Value(ref Utf8JsonReader reader, out ImportItem? item)
    {
        item = null;
        if (part == ImportPart.Unknown)
        {
            // What it is called may be anything; a path is not to grow with it.
            item = new(part, "$." + Conditions.ConditionJson.Shorten(member.Replace('\0', ' ')), []);
            at = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? At.Skip : At.Root;
            after = At.Root;
            return true;
        }

        if (reader.TokenType == JsonTokenType.Null)
        {
            at = At.Root;
            return true;
        }

        if (part == ImportPart.Categories)
        {
            if (!Take(ref reader, "$.categories", out item))
                return false;
            at = At.Root;
            return true;
        }

        inPage = reader.TokenType == JsonTokenType.StartObject;
        if (!inPage)
        {
            at = reader.TokenType == JsonTokenType.StartArray ? At.Items : throw Shape("$." + member, "A part is a list, one item, or an object with items.");
            return true;
        }

        if (IsPage(reader) is not { } isPage || (!isPage && !Take(ref reader, "$." + member, out item)))
            return false;
        at = isPage ? At.Page : At.Root;
        return true;
    }

    /// <summary>Whether the object that begins is a page rather than an item by itself; null when more bytes are needed to tell.</summary>
    private bool? IsPage(Utf8JsonReader reader)
    {
        while (true)
        {
            if (!reader.Read())
                return null;
            if (reader.TokenType == JsonTokenType.EndObject)
                throw Shape("$." + member, $"A part is a list, one item, or an object with items; this one has neither items nor {string.Join(" or ", ImportItem.KnownBy(part))}.");
            if (JsonText.IsNamed(ref reader, "items"u8))
                return true;
            foreach (var name in ImportItem.KnownBy(part))
            {
                if (JsonText.IsNamed(ref reader, name))
                    return false;
            }

            if (!reader.TrySkip())
                return null;
        }
    }

    private bool Take(ref Utf8JsonReader reader, string path, out ImportItem? item)
    {
        item = null;
        var from = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
            return false;
        var json = buffer.AsSpan(start + from, (int)reader.BytesConsumed - from).ToArray();
        item = part == ImportPart.Coupons ? CouponReading.Item(path, json) : new(part, path, json);
        index++;
        return true;
    }

    private static ProblemException Shape(string path, string detail) => ProblemException.Invalid("import.shape", detail, new ProblemError(path, "import.shape", detail));
}
