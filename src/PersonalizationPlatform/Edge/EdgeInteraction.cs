using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Edge;

/// <summary>What the answers to browsers and to servers have in common.</summary>
internal static class EdgeInteraction
{
    /// <summary>
    /// The shopper's audiences for the first page view, read now, after the commit, so that they include what this very event has caused;
    /// and no content for each event, because clients wait for that.
    /// </summary>
    public static async Task AddAsync(List<EdgeHandle> handle, EdgeRequest request, EdgeAudiences audiences, bool optedOut, CancellationToken cancellationToken)
    {
        for (var i = 0; i < request.Events.Count; i++)
        {
            if (!request.Events[i].IsPageView)
                continue;
            handle.Add(EdgeHandle.Audiences(i, await audiences.OfAsync(DeviceOf(request, request.Events[i]), request.Datastream.Website, optedOut, cancellationToken)));
            break;
        }

        for (var i = 0; i < request.Events.Count; i++)
            handle.Add(EdgeHandle.NoDecisions(i));
    }

    public static JsonResult Answer(EdgeRequest request, IReadOnlyList<EdgeHandle> handle, IReadOnlyList<Refusal> refused) => new(
        new EdgeAnswer(request.RequestId, handle) { Warnings = refused.Count > 0 ? [.. refused.Select(EdgeWarning.Of)] : null }, HttpSetup.Json);

    /// <summary>The one the event names itself, in whatever form.</summary>
    private static string DeviceOf(EdgeRequest request, EdgeEvent e) =>
        JsonSlices.Elements(JsonSlices.At(e.IdentityMap, IdentityNamespace.Ecid), 50).Select(entry => JsonSlices.Text(JsonSlices.At(entry, "id")))
            .FirstOrDefault(id => Identity.TryCreate(IdentityNamespace.Ecid, id, out _)) ?? request.Ecid;
}
