using System.Text;
using System.Text.Json;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Refused;

/// <summary>
/// Finds whom a refused body may be about, so that erasing a person finds it too. It could not be understood, so everything that
/// looks like an identity counts, wherever it stands and however deep.
/// </summary>
public static class IdentityScan
{
    private const int Most = 200;

    /// <summary>Deeper names are not remembered; values there are still looked at.</summary>
    private const int NamedDepth = 64;

    /// <summary>Identities found, each once, until the bytes end or stop being JSON.</summary>
    public static IReadOnlyCollection<Identity> Of(ReadOnlyMemory<byte> body)
    {
        var found = new HashSet<Identity>();
        var names = new string?[NamedDepth];
        // Broken text still names people: what cannot be decoded becomes U+FFFD, the rest is searched.
        if (!WireText.IsUtf8(body.Span))
            body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span));
        var reader = new Utf8JsonReader(WireText.Clean(body).Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (found.Count < Most && reader.Read())
            {
                var depth = reader.CurrentDepth;
                if (reader.TokenType == JsonTokenType.PropertyName && depth < NamedDepth)
                    names[depth] = reader.GetString();
                else if (reader.TokenType == JsonTokenType.String)
                    Look(found, names, depth, reader.GetString()!);
                else if (reader.TokenType == JsonTokenType.Number)
                    Look(found, names, depth, Encoding.UTF8.GetString(reader.ValueSpan));
            }
        }
        catch (JsonException)
        {
            // What came before the fault has been seen.
        }

        return found;
    }

    private static void Look(HashSet<Identity> found, string?[] names, int depth, string value)
    {
        var name = depth < NamedDepth ? names[depth] : null;
        if (name is "id" or "xid" && depth is > 3 and < NamedDepth && names[depth - 3] == "identityMap")
            Add(found, names[depth - 2], value);
        if (depth is > 2 and < NamedDepth && names[depth - 2] == "identityMap")
            Add(found, names[depth - 1], value);
        if (name is "personID")
            Add(found, IdentityNamespace.Ecid, value);
        if (name is "accountID" or "accountId" or "customerId" or "customerID" or "entity_id" || (name == "id" && depth == 1))
            Add(found, IdentityNamespace.CustomerId, value);
        if (value.Length <= 320 && value.Contains('@') && !value.Contains(' '))
            Add(found, IdentityNamespace.Email, value);
        if (value.Length == 38 && value.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
            Add(found, IdentityNamespace.Ecid, value);
    }

    private static void Add(HashSet<Identity> found, string? ns, string value)
    {
        if (Identity.TryCreate(ns, value, out var identity))
            found.Add(identity);
    }
}
