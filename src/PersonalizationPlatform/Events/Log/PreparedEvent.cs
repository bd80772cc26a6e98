using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Log;

/// <summary>What became of an event that was good enough to store.</summary>
public enum AppendOutcome
{
    /// <summary>Stored, durable, and visible to the shopper's next request.</summary>
    Accepted,

    /// <summary>Known already, or about somebody who was erased after it happened.</summary>
    Duplicate,

    /// <summary>Not stored, because the shopper opted out of collection.</summary>
    Withheld,
}

/// <summary>An event with everything the append statement needs, computed purely, so that a retry prepares the same.</summary>
internal sealed class PreparedEvent
{
    /// <summary>Readers that range over the time as sent widen their range by this much.</summary>
    private static readonly TimeSpan MaxCorrection = TimeSpan.FromHours(24);

    private static readonly byte[] RecordSlot = "profileRecord"u8.ToArray();

    internal required CustomerEvent Event { get; init; }
    internal required Guid Identity { get; init; }
    internal required DateTimeOffset OccurredAt { get; init; }
    internal required DateTimeOffset CountsAt { get; init; }
    internal required DateTimeOffset ReceivedAt { get; init; }
    internal required bool OptIn { get; init; }
    internal required bool BelievesSignIn { get; init; }

    /// <summary>For events sent without a time: where a repeat is looked for.</summary>
    internal Guid? Slot { get; init; }

    /// <summary>The identities with their ids, the event's own first.</summary>
    internal required IReadOnlyList<(Guid Id, Identity? Identity)> Identities { get; init; }
    internal required EventContent Content { get; init; }
    internal Guid? OrderId { get; init; }

    internal Guid Key => Event.Key.Value;

    /// <summary>Whether the event itself says that its shopper may, or may not, be collected about.</summary>
    internal bool ChoosesCollection => Event.Consents.Any(c => c.Purpose == "collect");

    /// <summary>
    /// Whether those it names are known by nothing but their hash until it is stored, because it may be withheld for the sake of one of
    /// them: of a device that has opted out, the person must not be learnt.
    /// </summary>
    internal bool NamesWhenStored => Event.Door == EventDoor.Storefront && (Identities.Count > 1 || (OptIn && !ChoosesCollection));

    internal bool Trusted => Event.Door != EventDoor.Storefront;

    internal (Guid, DateTimeOffset, Guid) DuplicateKey => Slot is { } slot ? (Identity, DateTimeOffset.MinValue, slot) : (Identity, OccurredAt, Key);

    /// <param name="source">The event as the door understood it.</param>
    /// <param name="content">Its content with the catalogue's categories filled in.</param>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="hash">Makes identity ids.</param>
    /// <param name="options">Default website, opt-in websites, and whether a browser may say who uses it.</param>
    internal static PreparedEvent From(CustomerEvent source, EventContent content, DateTimeOffset receivedAt, IdentityHash hash, EventLogOptions options)
    {
        var identities = new List<(Guid, Identity?)>(Math.Max(1, source.Identities.Count));
        foreach (var identity in source.Identities)
        {
            var id = hash.Of(identity).Value;
            if (!identities.Exists(known => known.Item1 == id))
                identities.Add((id, identity));
        }

        if (identities.Count == 0)
            identities.Add((hash.Anonymous(source.Key).Value, null));
        var own = identities[0].Item1;
        var occurred = source.OccurredAt ?? receivedAt;
        return new PreparedEvent
        {
            Event = source,
            Content = content,
            Identity = own,
            Identities = identities,
            OccurredAt = occurred,
            ReceivedAt = receivedAt,
            CountsAt = Earlier(source.CorrectedAt is { } corrected && (corrected - occurred).Duration() <= MaxCorrection ? corrected : occurred, receivedAt),
            BelievesSignIn = source.Door != EventDoor.Storefront || options.TrustStorefrontSignIn,
            OptIn = source.Door == EventDoor.Storefront && options.OptInWebsites.Contains(content.Website ?? options.DefaultWebsite, StringComparer.OrdinalIgnoreCase),
            Slot = source.OccurredAt is not null ? null : source.Door == EventDoor.Profiles ? Hash(own, RecordSlot) : source.Key.Value,
            OrderId = content.Order?.PurchaseId is { Length: > 0 } purchase && NamesOrder(source) ? OrderIdOf(content.Website ?? options.DefaultWebsite, purchase) : null,
        };
    }

    /// <summary>Devices that this event, by naming a person beside them, signs in: (device, person).</summary>
    internal IEnumerable<(Guid Device, Guid Person)> SignIns()
    {
        var person = Identities.Where(i => i.Identity is { IsPerson: true })
            .OrderBy(i => IdentityNamespace.Priority(i.Identity!.Namespace)).Select(i => (Guid?)i.Id).FirstOrDefault();
        if (person is not { } named || !BelievesSignIn)
            return [];
        return Identities.Where(i => i.Identity is { IsPerson: false }).Select(i => (i.Id, named));
    }

    /// <summary>CustomerId and other person identities named together: (alias, customer).</summary>
    internal IEnumerable<(Guid Alias, Guid Customer)> Links()
    {
        var customer = Identities.Where(i => i.Identity is { Namespace: IdentityNamespace.CustomerId }).Select(i => (Guid?)i.Id).FirstOrDefault();
        if (customer is not { } named || !BelievesSignIn)
            return [];
        return Identities.Where(i => i.Identity is { IsPerson: true } && i.Identity.Namespace != IdentityNamespace.CustomerId).Select(i => (i.Id, named));
    }

    internal string ContentJson() => JsonSerializer.Serialize(Content, EventContentJson.Default.EventContent);

    internal string BodyText() => Encoding.UTF8.GetString(Event.Body.Span);

    internal decimal? Value() => Content.Order is { } order ? order.PriceTotal ?? (order.Payments.Count > 0 ? order.Payments.Sum(p => p.Amount ?? 0) : null) : null;

    /// <summary>The order's currency, else that of its payments or lines.</summary>
    internal string? Currency() => Content.Order?.Currency ?? Content.Order?.Payments.Select(p => p.Currency).FirstOrDefault(c => c is not null)
        ?? Content.Items.Select(i => i.Currency).FirstOrDefault(c => c is not null);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static bool NamesOrder(CustomerEvent source) =>
        source.Door != EventDoor.Profiles && (source.Kind == "completeCheckout" || source.Door == EventDoor.BackOffice);

    /// <summary>
    /// One order per (website, purchaseID). Not per environment: some back-office events (shipment completed, credit memo) come
    /// without any scope, and must find the order that the storefront placed under both.
    /// </summary>
    internal static Guid OrderIdOf(string website, string purchase) =>
        Hash(Guid.Empty, Encoding.UTF8.GetBytes($"order\n{website.ToLowerInvariant()}\n{purchase}"));

    private static Guid Hash(Guid salt, byte[] bytes)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData([.. salt.ToByteArray(bigEndian: true), .. bytes], hash);
        return new Guid(hash[..16], bigEndian: true);
    }
}
