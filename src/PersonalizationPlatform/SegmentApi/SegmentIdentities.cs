using System.Text.Json;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>
/// Whom a message names. A browser speaks for its device first; what a server says is about the person first. Never more than one
/// CustomerId: two customers are not one because somebody says so.
/// </summary>
internal static class SegmentIdentities
{
    /// <summary>The namespace of a tracker's devices.</summary>
    public const string Device = "anonymousId";

    /// <summary>Events whose own properties tell the shopper's address; elsewhere an address may be anybody's.</summary>
    private static readonly HashSet<string> OfShopper = new(StringComparer.Ordinal) { "signIn", "createAccount", "editAccount", EventKinds.CompleteCheckout };

    public static void Write(Utf8JsonWriter json, SegmentMessage message, string kind, EventDoor door)
    {
        var user = message.Root.Text("userId")?.Trim();
        var previous = message.Call == SegmentMessage.Alias ? message.Root.Text("previousId", "from")?.Trim() : null;
        json.WriteStartObject("identityMap");
        Write(json, Device, [message.Root.Text("anonymousId"), IsAddress(previous) || previous == user ? null : previous], primary: door == EventDoor.Storefront);
        Write(json, IdentityNamespace.CustomerId, [IsAddress(user) ? null : user], primary: false);
        Write(json, IdentityNamespace.Email, [IsAddress(user) ? user : Address(message, kind), IsAddress(previous) ? previous : null], primary: false);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string ns, string?[] ids, bool primary)
    {
        if (Array.TrueForAll(ids, id => id is null))
            return;
        json.WriteStartArray(ns);
        foreach (var id in ids)
        {
            if (id is null)
                continue;
            json.WriteStartObject();
            json.WriteString("id", id);
            if (primary)
                json.WriteBoolean("primary", true);
            json.WriteEndObject();
            primary = false;
        }

        json.WriteEndArray();
    }

    /// <summary>The traits of a group call are the group's.</summary>
    private static string? Address(SegmentMessage message, string kind)
    {
        XdmNode[] places = [message.Call == SegmentMessage.Group ? default : message.Root["traits"], OfShopper.Contains(kind) ? message.Properties : default, message.Context("traits")];
        return places.Select(place => place.Text("email")?.Trim()).FirstOrDefault(IsEmail);
    }

    /// <summary>An e-mail address, or the digest of one.</summary>
    public static bool IsEmail(string? text) =>
        IsAddress(text) || (text?.Length == 64 && text.AsSpan().IndexOfAnyExcept("0123456789abcdefABCDEF") < 0);

    private static bool IsAddress(string? text) =>
        text is not null && text.Length <= 320 && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1
        && text.LastIndexOf('@') == at && !text.Any(char.IsWhiteSpace);
}
