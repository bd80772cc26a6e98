using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Fields;

/// <summary>One occurrence of an event; for order facts those that an order has.</summary>
internal static class EventFields
{
    public static readonly IReadOnlyList<FieldDescription> All =
    [
        new()
        {
            Name = "event.kind",
            Type = FieldType.Text,
            UsableIn = FieldScope.Event,
            Description = "The event's documented name or custom type.",
            Example = "addToCart",
            Read = static (in Scope scope, string _) => FieldValues.Of(scope.Event?.Kind ?? EventSource.OrderPlaced),
        },
        new()
        {
            Name = "event.at",
            Type = FieldType.Instant,
            UsableIn = FieldScope.Event,
            Description = "When it counts: the time it was sent with, never later than it was received.",
            Example = "2026-06-15T08:00:00Z",
            Read = static (in Scope scope, string _) => FieldValues.Of(scope.Event?.CountsAt ?? scope.Order?.PlacedAt),
        },
        new()
        {
            Name = "event.website",
            Type = FieldType.Text,
            UsableIn = FieldScope.Event,
            Description = "Website code.",
            Example = "base",
            Read = static (in Scope scope, string _) => FieldValues.Of(scope.Event?.Content.Website ?? scope.Order?.Website),
        },
        new()
        {
            Name = "event.storeView",
            Type = FieldType.Text,
            UsableIn = FieldScope.Event,
            Description = "Store view code.",
            Example = "de",
            Read = static (in Scope scope, string _) => FieldValues.Of(scope.Event?.Content.StoreView ?? scope.Order?.StoreView),
        },
        Of("event.type", FieldType.Text, "The XDM event type, or the custom type.", "commerce.productListAdds", c => FieldValues.Of(c.EventType)),
        Of("event.store", FieldType.Text, "Store code.", "main_website_store", c => FieldValues.Of(c.Store)),
        Of("event.environment", FieldType.Text, "Environment id of the shop.", "production", c => FieldValues.Of(c.Environment)),
        Of("event.channel", FieldType.Text, "Channel: web, mobile, …", "web", c => FieldValues.Of(c.Channel)),
        Of("event.page.url", FieldType.Text, "Address of the page.", "/sale", c => FieldValues.Of(c.Page?.Url)),
        Of("event.page.name", FieldType.Text, "Name of the page.", "Home page", c => FieldValues.Of(c.Page?.Name)),
        Of("event.page.siteSection", FieldType.Text, "Type of the page, e.g. PDP or Category.", "Category", c => FieldValues.Of(c.Page?.SiteSection)),
        Of("event.page.referrer", FieldType.Text, "Where the shopper came from.", "google", c => FieldValues.Of(c.Page?.Referrer)),
        Of("event.page.campaign", FieldType.Text, "utm_campaign of the page's address.", "spring", c => FieldValues.Of(Campaign(c.Page?.Url))),
        Of("event.search.query", FieldType.Text, "What was searched for.", "jacket", c => FieldValues.Of(c.Search?.Query)),
        Of("event.search.numberOfResults", FieldType.Number, "How much the search found.", "0", c => FieldValues.Of((decimal?)c.Search?.NumberOfResults)),
        Of("event.cart.id", FieldType.Text, "Id of the cart.", "jUsbkqLbRnA7", c => FieldValues.Of(c.Cart?.Id)),
        Of("event.requisitionList.name", FieldType.Text, "Name of the requisition list.", "Office supplies", c => FieldValues.Of(c.RequisitionList?.Name)),
        new()
        {
            Name = "event.data.<path>",
            Type = FieldType.Any,
            UsableIn = FieldScope.Event,
            Description = "Anything in the event as it was sent, by its dotted path; a list on the way gives the list of its elements' values.",
            Example = "blue",
            Needs = static needs => needs.Bodies = true,
            Read = static (in Scope scope, string path) => scope.Event?.Body is { } body ? FieldValues.Read(body, path) : null,
        },
    ];

    private static FieldDescription Of(string name, FieldType type, string description, string example, Func<EventContent, FieldValue?> read) => new()
    {
        Name = name,
        Type = type,
        UsableIn = FieldScope.Event,
        Description = description,
        Example = example,
        Read = (in Scope scope, string _) => scope.Event is { } e ? read(e.Content) : null,
    };

    private static string? Campaign(string? url)
    {
        const string Name = "utm_campaign=";
        if (url is null || url.IndexOf('?', StringComparison.Ordinal) is var query && query < 0)
            return null;
        foreach (var part in url[(query + 1)..].Split('#')[0].Split('&'))
        {
            if (part.StartsWith(Name, StringComparison.OrdinalIgnoreCase))
                return Uri.UnescapeDataString(part[Name.Length..].Replace('+', ' '));
        }

        return null;
    }
}
