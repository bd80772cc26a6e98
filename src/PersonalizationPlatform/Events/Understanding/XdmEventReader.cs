using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>
/// Turns one XDM event or profile record into the one internal event. Tolerant: nothing but a JSON object is demanded, unknown
/// members stay in the body, every documented, legacy and misspelt name is understood.
/// </summary>
public static class XdmEventReader
{
    /// <param name="arrival">The event's own bytes (without an <c>{"xdm":…}</c> around it), and what the door knows beside them.</param>
    /// <param name="door">Where it came in.</param>
    /// <param name="limits">What it may at most be.</param>
    /// <param name="ev">The event, when true.</param>
    /// <param name="refusal">A stable code of <see cref="RefusalCodes"/> and a sentence without personal data, when false.</param>
    public static bool TryRead(
        Arrival arrival, EventDoor door, UnderstandingLimits limits, [NotNullWhen(true)] out CustomerEvent? ev, out (string Code, string Detail) refusal)
    {
        ev = null;
        var json = arrival.Xdm;
        if (arrival.Refusal is { } known)
            return Refuse(out refusal, known.Code, known.Detail);
        if (json.Length > limits.MaxEventBytes)
            return Refuse(out refusal, RefusalCodes.TooLarge, $"The event has {json.Length} bytes; at most {limits.MaxEventBytes} are taken.");
        if (!WireText.IsUtf8(json.Span))
            return Refuse(out refusal, RefusalCodes.NotUtf8, "The event is not valid UTF-8.");
        if (!TryParse(WireText.Clean(json), limits, out var document, out refusal))
            return false;
        using (document)
        {
            var problems = new XdmProblems();
            var xdm = new XdmNode(document.RootElement, problems);
            if (!xdm.IsObject)
                return Refuse(out refusal, RefusalCodes.NotAnObject, "An event is a JSON object.");

            var (kind, type, needsSecretKey) = Kind(xdm, door, problems);
            if (needsSecretKey && door == EventDoor.Storefront)
                return Refuse(out refusal, RefusalCodes.NeedsSecretKey, $"{kind} is sent by the shop's servers, with a secret key, to another door.");

            var isRecord = kind == EventKinds.ProfileRecord;
            var occurredAt = Time(xdm, isRecord, limits, problems);
            var identities = arrival.Identities ?? XdmIdentities.Read(xdm, isRecord);
            if (isRecord && identities.Count == 0)
                problems.Note(RefusalCodes.NoIdentity, "The record names no usable identity: give an identityMap, an id or an e-mail address.");

            var id = xdm.Code("_id");
            var read = new CustomerEvent
            {
                Door = door,
                Key = Key(isRecord ? null : id, isRecord ? null : arrival.KeySeed, json.Span),
                Id = id,
                Kind = kind,
                OccurredAt = occurredAt,
                CorrectedAt = problems.Found is null ? occurredAt + arrival.Correction : null,
                Identities = identities,
                Content = WithWebsite(XdmContent.Read(xdm, kind, type), arrival.Website),
                Attributes = isRecord || kind is EventKinds.AccountCreated or EventKinds.AccountUpdated ? XdmProfile.Read(xdm) : [],
                Consents = MayConsent(door, identities) ? XdmConsents.Read(xdm["consents"]) : [],
                Body = arrival.Sent ?? json,
            };
            if (problems.Found is { } found)
                return Refuse(out refusal, found.Code, found.Detail);
            ev = read;
            return true;
        }
    }

    private static EventContent WithWebsite(EventContent content, string? website) =>
        content.Website is null && website is not null ? content with { Website = website } : content;

    private static bool TryParse(
        ReadOnlyMemory<byte> json, UnderstandingLimits limits, [NotNullWhen(true)] out JsonDocument? document, out (string Code, string Detail) refusal)
    {
        refusal = default;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = limits.MaxDepth });
            return true;
        }
        catch (JsonException)
        {
            // The door has read the whole body as JSON already, so only the depth can be wrong; other callers may bring anything.
            document = null;
            return IsJson(json.Span)
                ? Refuse(out refusal, RefusalCodes.TooDeep, $"The event nests deeper than {limits.MaxDepth} levels.")
                : Refuse(out refusal, RefusalCodes.NotAnObject, "The event is not JSON.");
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>By its type; without one by its marker; else custom. What comes through the profiles' door is a record unless it says it is an account event.</summary>
    private static (string Kind, string? Type, bool NeedsSecretKey) Kind(XdmNode xdm, EventDoor door, XdmProblems problems)
    {
        var type = xdm["eventType"].Element.ValueKind == JsonValueKind.String ? xdm.Code("eventType")?.Trim() : null;
        var known = type is null ? Marked(xdm) : EventKinds.Find(type);
        if (door == EventDoor.Profiles && known is not { Name: EventKinds.AccountCreated or EventKinds.AccountUpdated or EventKinds.AccountDeleted })
            return (EventKinds.ProfileRecord, null, true);
        if (known is not null)
            return (known.Name, known.Type, known.NeedsSecretKey);
        return (type ?? EventKinds.Custom, type, false);
    }

    private static EventKind? Marked(XdmNode xdm)
    {
        foreach (var kind in EventKinds.All)
            foreach (var marker in kind.Markers)
            {
                var node = xdm;
                foreach (var name in marker.Split('.'))
                    node = node[name];
                if (node.IsMark)
                    return kind;
            }

        return null;
    }

    /// <summary>
    /// The time as sent. A record may carry when it was last changed instead; that one only dates its attributes, so when it is
    /// unusable the record counts as received now rather than being lost.
    /// </summary>
    private static DateTimeOffset? Time(XdmNode xdm, bool isRecord, UnderstandingLimits limits, XdmProblems problems)
    {
        var sent = xdm["timestamp"];
        if (!sent.Exists || (sent.Element.ValueKind == JsonValueKind.String && sent.AsText() is null))
        {
            var changed = isRecord ? xdm.Instant("modifiedDate", "updated_at", "updatedAt") ?? xdm["_repo"].Instant("modifyDate", "repo:modifyDate") : null;
            return changed >= limits.NotBefore && changed <= limits.NotAfter ? changed : null;
        }

        if (sent.Element.ValueKind != JsonValueKind.String || !WireTime.TryReadInstant(sent.Element.GetString()!, out var instant))
        {
            problems.Note(RefusalCodes.TimeInvalid, "timestamp is not an ISO 8601 instant with an offset, such as 2026-01-31T12:00:00.000Z.");
            return null;
        }

        if (instant > limits.NotAfter)
            problems.Note(RefusalCodes.TimeInFuture, "timestamp lies further in the future than a clock may be wrong.");
        else if (instant < limits.NotBefore)
            problems.Note(RefusalCodes.TimeTooOld, "timestamp lies before everything that is kept.");
        return instant;
    }

    /// <summary>Anybody can post to the storefront's door, so there only a device speaks for itself.</summary>
    private static bool MayConsent(EventDoor door, IReadOnlyList<Identity> identities) =>
        door != EventDoor.Storefront || (identities.Count > 0 && !identities[0].IsPerson);

    /// <summary>A record's <c>_id</c> names the record, not this version of it, so a record is known by its bytes.</summary>
    private static EventKey Key(string? id, string? seed, ReadOnlySpan<byte> body) =>
        id is not null ? EventKey.OfId(id)
        : seed is not null ? EventKey.Of("seed:"u8, Encoding.UTF8.GetBytes(seed))
        : EventKey.Of("body:"u8, body);

    private static bool Refuse(out (string Code, string Detail) refusal, string code, string detail)
    {
        refusal = (code, detail);
        return false;
    }
}
