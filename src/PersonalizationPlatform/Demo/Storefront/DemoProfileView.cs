using System.Text.Json;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Shoppers;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>
/// Reads what the platform knows of a visitor of the demo storefront, for that visitor. Anybody's browser can claim to be anybody, so a
/// profile is shown only if every person in it is a made-up customer or an address that this very browser was the first to name.
/// </summary>
internal sealed class DemoProfileView(ProfileView profiles, ShopperReader shoppers, SnapshotReader snapshots, IdentityHash hash)
{
    private const int MaxEvents = 40;
    private const int MaxOrders = 10;
    private const string PastPrefix = "demo-";
    private const string OwnOrder = "SB-";

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = StrictJson.MaxDepth };

    /// <summary>Answers without the decision.</summary>
    public async Task<DemoInsightAnswer> ReadAsync(DemoVisitor visitor, CancellationToken cancellationToken)
    {
        var device = visitor.DeviceIdentity;
        var profile = await profiles.ReadAsync(device, cancellationToken);
        var (_, set, timeline, at, _) = await shoppers.JudgeAsync([device], null, cancellationToken);
        if (profile is null)
            return Answer(at, null, null, [], timeline, set);
        if (!IsOwn(profile, visitor))
            return new(at, "This browser has been signed in as somebody whom the platform knows from elsewhere. Nothing here proves that it is you.", null, [], [], new Dictionary<string, DateTimeOffset>(), null, new Dictionary<Guid, string>());
        return Answer(at, null, await ProfileAsync(profile, visitor, at, cancellationToken), await EventsAsync(device, visitor, cancellationToken), timeline, set);
    }

    /// <summary>Whether all persons in the profile are for this visitor to see, and its devices too.</summary>
    private static bool IsOwn(ProfileAnswer profile, DemoVisitor visitor)
    {
        var persons = profile.Identities.Where(identity => identity.Person).ToList();
        if (!persons.All(person => DemoAccounts.IsMadeUp(person.Namespace, person.Id) || (person.Namespace == IdentityNamespace.Email
                ? visitor.OwnEmails.Contains(person.Id)
                : person.Namespace == IdentityNamespace.CustomerId && visitor.OwnCustomers.Contains(person.Id))))
            return false;
        // Made-up customers are played by many; a person of one's own has no other browser.
        return IsMadeUp(profile) || profile.Identities.All(identity => identity.Person || identity.Id == visitor.Device.ToString());
    }

    private static bool IsMadeUp(ProfileAnswer profile) =>
        profile.Identities.Any(identity => identity.Person) && profile.Identities.All(identity => !identity.Person || DemoAccounts.IsMadeUp(identity.Namespace, identity.Id));

    private static DemoInsightAnswer Answer(
        DateTimeOffset at, string? closed, DemoProfile? profile, IReadOnlyList<DemoEvent> events, Timeline timeline, Segments.Definitions.SegmentSet set)
    {
        var verdicts = timeline.At(at);
        var segments = new List<SegmentVerdict>();
        var since = new Dictionary<string, DateTimeOffset>();
        for (var i = 0; i < verdicts.Length; i++)
        {
            segments.Add(ShopperSegmentsController.Explain(set.InOrder[i], verdicts[i], timeline, at));
            if (verdicts[i].Matches)
                since[set.InOrder[i].Key] = timeline.Since(i, true, at);
        }

        return new(at, closed, profile, events, segments, since, null, new Dictionary<Guid, string>());
    }

    private async Task<DemoProfile> ProfileAsync(ProfileAnswer profile, DemoVisitor visitor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var own = visitor.Device.ToString();
        var others = profile.Identities.Where(identity => !identity.Person && identity.Id != own).Select(identity => (identity.Namespace, identity.Id)).Distinct().Count();
        var orders = await profiles.OrdersAsync(visitor.DeviceIdentity, new PageQuery { Limit = 50 }, cancellationToken);
        var needs = new Needs();
        needs.Kinds.UnionWith(Cart.Kinds);
        var facts = (await snapshots.ReadAsync([profile.Profile], needs, cancellationToken))[0].Facts;
        // Of a customer whom others play too, the cart may be theirs.
        var cart = others == 0 ? facts.Index.CartAt(at) : Cart.Empty;
        return new(
            profile.Profile, profile.Registered, profile.FirstSeen, [.. profile.Identities.Where(identity => identity.Person || identity.Id == own)], others,
            profile.Attributes.Where(attribute => others == 0 || attribute.Value.Source == EventKinds.ProfileRecord).ToDictionary(), profile.Consents,
            [.. (orders?.Items ?? []).Where(order => !order.PurchaseId.StartsWith(OwnOrder, StringComparison.Ordinal) || visitor.Orders.Contains(order.PurchaseId))
                .Take(MaxOrders).Select(order => new DemoOrderFact(order.PurchaseId, order.PlacedAt, order.Status, order.Total, order.Currency))],
            cart.IsEmpty ? null : new(cart.Quantity, cart.Subtotal, cart.UpdatedAt));
    }

    /// <summary>Events of this browser, of its own orders, and of the made-up past; not those of others who play the same customer.</summary>
    private async Task<IReadOnlyList<DemoEvent>> EventsAsync(Identity device, DemoVisitor visitor, CancellationToken cancellationToken)
    {
        var own = hash.Of(device).Value;
        var orders = visitor.Orders.Select(number => "order-" + number).ToHashSet(StringComparer.Ordinal);
        var page = await profiles.TimelineAsync(device, new PageQuery { Limit = 200 }, cancellationToken);
        return [.. (page?.Items ?? [])
            .Where(e => e.Identity == own || IsPast(e) || (e.Id is { } id && orders.Contains(id)) || (e.Door == EventDoor.Profiles && visitor.CustomerId is { } customer && e.Id == "account-" + customer))
            .Take(MaxEvents)
            .Select(e => new DemoEvent(e.Key, e.Kind, e.CountsAt, e.ReceivedAt, e.Door.ToString(), IsPast(e), About(e)))];
    }

    private static bool IsPast(TimelineEvent e) => e.Id?.StartsWith(PastPrefix, StringComparison.Ordinal) == true;

    /// <summary>What the event is about, in a word or two: products, a search, where a block stood, a page.</summary>
    private static IReadOnlyList<string> About(TimelineEvent e)
    {
        try
        {
            using var body = JsonDocument.Parse(e.Body.Text, Deep);
            return About(body.RootElement);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a text that would have been shown.
            return [];
        }
    }

    private static IReadOnlyList<string> About(JsonElement body)
    {
        var xdm = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("xdm", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : body;
        if (Text(xdm, "siteSearch", "query") is { } query)
            return [$"“{Cut(query)}”"];
        if (xdm.ValueKind == JsonValueKind.Object && xdm.TryGetProperty("productListItems", out var lines) && lines.ValueKind == JsonValueKind.Array && lines.GetArrayLength() > 0)
            return [.. lines.EnumerateArray().Take(3).Select(line => Text(line, "name") ?? Text(line, "SKU")).OfType<string>().Select(Cut)];
        if (Member(xdm, "_experience", "decisioning", "propositions") is { ValueKind: JsonValueKind.Array } shown && shown.GetArrayLength() > 0)
            return [.. shown.EnumerateArray().Take(3).Select(proposition => Text(proposition, "scope")).OfType<string>().Select(Cut)];
        return (Text(xdm, "web", "webPageDetails", "name") ?? Text(xdm, "web", "webPageDetails", "URL")) is { } page ? [Cut(page)] : [];
    }

    private static string? Text(JsonElement json, params ReadOnlySpan<string> path) =>
        Member(json, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Member(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
                return null;
        }

        return json;
    }

    private static string Cut(string text) => text.Length <= 60 ? text : text[..59] + "…";
}
