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
            handle.Add(EdgeHandle.Audiences(i, await audiences.OfAsync(MayAskAbout(request, request.Events[i]), request.Datastream.Website, optedOut, cancellationToken)));
            break;
        }

        for (var i = 0; i < request.Events.Count; i++)
            handle.Add(EdgeHandle.NoDecisions(i));
    }

    public static JsonResult Answer(EdgeRequest request, IReadOnlyList<EdgeHandle> handle, IReadOnlyList<Refusal> refused) => new(
        new EdgeAnswer(request.RequestId, handle) { Warnings = refused.Count > 0 ? [.. refused.Select(EdgeWarning.Of)] : null }, HttpSetup.Json);

    /// <summary>The identities an event is stored with. Anybody can say in a page that he is somebody, so a page is only told about devices.</summary>
    private static IReadOnlyList<Identity> MayAskAbout(EdgeRequest request, EdgeEvent e) =>
        request.Sender == EdgeSender.Device ? [.. e.Identities.Where(identity => !identity.IsPerson)] : e.Identities;
}
