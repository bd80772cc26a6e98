using System.Text;
using System.Text.Json;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>
/// Understands the lines of a member list, one identity a line: NDJSON <c>{ "namespace", "id" }</c>, or CSV with the header
/// <c>namespace,id</c> (in either order), or one column when the request names the namespace. Counts what it refuses.
/// </summary>
public sealed class MemberLines(MemberFormat format, string? givenNamespace)
{
    /// <summary>Bytes a line may have.</summary>
    public const int MaxLength = 8 * 1024;

    private const int MaxListed = 100;

    private readonly List<RefusedMember> refused = [];
    private bool started;
    private int namespaceColumn = -1;
    private int idColumn;

    public long RefusedCount { get; private set; }

    /// <summary>The first hundred.</summary>
    public IReadOnlyList<RefusedMember> Refused => refused;

    /// <summary>The line's identity; null for a header or a refused line. 400 <c>members.header</c> when CSV does not say what its columns are.</summary>
    public Identity? Read(RequestLine line)
    {
        if (line.TooLong)
            return Refuse(line, "line.tooLong", $"A line has at most {MaxLength} bytes.");
        if (!TrySplit(line, out var ns, out var id))
            return null;
        if (ns is null || id is null)
            return Refuse(line, "member.incomplete", "A line needs a namespace and an id.");
        return Identity.TryCreate(ns, id, out var identity)
            ? identity
            : Refuse(line, "member.unusable", "This value names nobody: it is empty, blocked or too long.");
    }

    private bool TrySplit(RequestLine line, out string? ns, out string? id) => format == MemberFormat.Ndjson
        ? TrySplitJson(line, out ns, out id)
        : TrySplitCsv(line, out ns, out id);

    private bool TrySplitJson(RequestLine line, out string? ns, out string? id)
    {
        (ns, id) = (givenNamespace, null);
        try
        {
            using var json = JsonDocument.Parse(line.Bytes);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new JsonException();
            foreach (var member in json.RootElement.EnumerateObject())
            {
                if (member.NameEquals("namespace"))
                    ns = member.Value.GetString();
                else if (member.NameEquals("id"))
                    id = member.Value.ValueKind == JsonValueKind.Number ? member.Value.GetRawText() : member.Value.GetString();
                else
                    return Refuse(line, "member.unknownMember", "A line has the members namespace and id, and no others.") is not null;
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refuse(line, "member.malformed", "A line must be {\"namespace\":\"…\",\"id\":\"…\"}.") is not null;
        }
    }

    private bool TrySplitCsv(RequestLine line, out string? ns, out string? id)
    {
        (ns, id) = (givenNamespace, null);
        if (Fields(Encoding.UTF8.GetString(line.Bytes.Span)) is not { } fields)
            return Refuse(line, "member.malformed", "A quote is not closed, or something follows it.") is not null;
        if (!started)
        {
            started = true;
            if (ReadHeader(fields))
                return false;
        }

        if (namespaceColumn >= fields.Count || idColumn >= fields.Count || fields.Count > (namespaceColumn < 0 ? 1 : 2))
            return Refuse(line, "member.columns", "The line does not have the columns of the first one.") is not null;
        if (namespaceColumn >= 0)
            ns = fields[namespaceColumn];
        id = fields[idColumn];
        return true;
    }

    private bool ReadHeader(List<string> fields)
    {
        var names = fields.ConvertAll(field => field.Trim().ToLowerInvariant());
        if (names is ["namespace", "id"] or ["id", "namespace"])
        {
            (namespaceColumn, idColumn) = (names.IndexOf("namespace"), names.IndexOf("id"));
            return true;
        }

        if (givenNamespace is not null && names.Count == 1)
            return names[0] == "id" || names[0].Equals(givenNamespace, StringComparison.OrdinalIgnoreCase);
        throw ProblemException.Invalid("members.header", "The first line must be namespace,id; for one column of ids name the namespace: ?namespace=email.");
    }

    /// <summary>The fields of one CSV line (RFC 4180, without line breaks inside quotes, which no identity has); null when malformed.</summary>
    private static List<string>? Fields(string line)
    {
        var fields = new List<string>();
        for (var i = 0; ; i++)
        {
            var field = new StringBuilder();
            if (i < line.Length && line[i] == '"')
            {
                for (i++; ; i++)
                {
                    if (i >= line.Length)
                        return null;
                    if (line[i] != '"')
                        field.Append(line[i]);
                    else if (i + 1 < line.Length && line[i + 1] == '"')
                        field.Append(line[++i]);
                    else
                        break;
                }

                if (++i < line.Length && line[i] != ',')
                    return null;
            }
            else
            {
                for (; i < line.Length && line[i] != ','; i++)
                    field.Append(line[i]);
            }

            fields.Add(field.ToString());
            if (i >= line.Length)
                return fields;
        }
    }

    private Identity? Refuse(RequestLine line, string code, string detail)
    {
        if (++RefusedCount <= MaxListed)
            refused.Add(new(line.Number, code, detail));
        return null;
    }
}

/// <summary>How a member list is written.</summary>
public enum MemberFormat
{
    Csv,
    Ndjson,
}
