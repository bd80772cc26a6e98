using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>What an event says, in the platform's vocabulary.</summary>
internal static class XdmContent
{
    public static EventContent Read(XdmNode xdm, string kind, string? eventType)
    {
        var commerce = xdm["commerce"];
        var scope = commerce["commerceScope"];
        var metadata = xdm["_metadata"];
        var lines = XdmLines.Read(xdm);
        return new EventContent
        {
            EventType = eventType,
            Environment = scope.Code("environmentID", "environmentId"),
            Website = scope.Code("websiteCode") ?? metadata.Code("websiteCode"),
            Store = scope.Code("storeCode") ?? metadata.Code("storeCode"),
            StoreView = scope.Code("storeViewCode") ?? metadata.Code("storeViewCode"),
            Channel = Channel(xdm["channel"]),
            Page = Page(xdm["web"]),
            Search = Search(xdm),
            Cart = XdmOrder.Cart(commerce, kind, lines),
            Order = XdmOrder.Order(xdm, kind, lines),
            RequisitionList = XdmOrder.RequisitionList(commerce),
            Items = lines,
            ItemsEmpty = lines.Count == 0 && XdmLines.AreListed(xdm),
        };
    }

    /// <summary>The last part of the channel type's address: <c>web</c>, <c>mobile</c>.</summary>
    private static string? Channel(XdmNode channel) =>
        channel.Code("_type", "_id") is { } type && type[(type.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/') is { Length: > 0 } name ? name : null;

    private static PageContent? Page(XdmNode web)
    {
        var details = web["webPageDetails"];
        var page = new PageContent
        {
            Url = details.Text("URL", "url"),
            Referrer = web["webReferrer"].Text("URL", "url"),
            Name = details.Text("name"),
            SiteSection = details.Text("siteSection"),
        };
        return page == new PageContent() ? null : page;
    }

    private static SearchContent? Search(XdmNode xdm)
    {
        var search = xdm["siteSearch"];
        var request = xdm.First("searchRequest", "searchResponse");
        if (!search.IsObject && !request.Exists)
            return null;
        return new SearchContent
        {
            Id = request.Text("id"),
            Query = search.Text("query"),
            NumberOfResults = search.Integer("numberOfResults"),
            Filters = Filters(search),
            Suggestions = [.. search["suggestions"].Each().Select(s => s.AsText() ?? s.Text("suggestion", "name")).OfType<string>()],
        };
    }

    /// <summary>The wire says <c>refinements</c>, documentation and schema <c>filter</c>. The official collector loses what was filtered by.</summary>
    private static List<SearchFilter> Filters(XdmNode search)
    {
        var filters = new List<SearchFilter>();
        foreach (var filter in search["refinements"].Each().Concat(search["filter"].Each()))
            if (filter.IsObject)
                filters.Add(new SearchFilter(filter.Text("attribute"), [.. filter["value"].Each().Select(v => v.AsText()).OfType<string>()], filter.Truth("isRange") == true));
        return filters;
    }
}
